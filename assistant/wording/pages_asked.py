"""The words of the pages of figures, of an answer and of a text to check in English, by the French ones."""

from assistant.wording import (
    NOTE_AUTOMATIC,
    NOTE_CENTRE,
    NOTE_DATED,
    NOTE_MEMBERS,
    NOTE_ONLY_HERE,
    NOTE_WRITTEN,
    QUESTION_EMPTY,
    QUESTION_TOO_COSTLY,
    QUESTION_TOO_COSTLY_EN,
    QUESTION_TOO_LONG,
)

WAIT = "Trop de questions : attendez {wait} secondes, puis recommencez."
FIGURES = {
    "chiffre": "figure",
    "chiffres": "figures",
    "valeur": "value",
    "valeurs": "values",
    "Les chiffres des fiches": "The figures of the sheets",
    (
        "%(figures)s des fiches de participation citoyenne : coûts, personnes, durées, votants, chacun avec la phrase "
        "qui le dit."
    ): "%(figures)s of the sheets on citizen participation: costs, people, durations, voters, each with its sentence.",
    "Ce que les démarches ont coûté, duré, réuni, chaque chiffre avec la phrase qui le dit.": (
        "What practices cost, how long they lasted, whom they gathered: each figure with the sentence that says it."
    ),
    (
        "Un programme lit ces valeurs dans les phrases des fiches, et peut se tromper sur ce qu’elles comptent. Avant "
        "d’en reprendre une, lisez sa phrase dans sa fiche."
    ): (
        "A program reads these values from the sentences of the sheets and may be mistaken about what they count. Read "
        "the sentence in its sheet before you use one."
    ),
    "Choisir des chiffres": "Choose figures",
    "Ce qui est mesuré": "What is measured",
    "Tout": "All",
    "Tous": "All",
    "Mots de la fiche ou de la phrase": "Words of the sheet or of the sentence, in French",
    "Afficher": "Show",
    "Aucun chiffre": "No figure",
    "Unités": "Units",
    "Toutes les unités": "All units",
    "sans unité": "no unit",
    "€ par an": "€ a year",
    "€ par habitant": "€ per inhabitant",
    "&nbsp;: %(values)s sur un axe": ": %(values)s on an axis",
    "De %(least)s à %(most)s ; médiane %(median)s%(unit)s. Chaque point est une valeur du tableau qui suit.": (
        "From %(least)s to %(most)s; median %(median)s%(unit)s. Each point is a value of the table that follows."
    ),
    "en": "in",
    "&nbsp;: %(values)s, chacune un point, de %(least)s à %(most)s&nbsp;; médiane %(median)s%(unit)s.": (
        ": %(values)s, each a point, from %(least)s to %(most)s; median %(median)s%(unit)s."
    ),
    "Échelle logarithmique : d’une graduation à l’autre, la valeur est multipliée.": (
        "Logarithmic scale: from one mark to the next, the value is multiplied."
    ),
    "Les autres unités n’y sont pas.": "Other units are left out.",
    "Le tableau donne toutes les valeurs.": "The table gives all the values.",
    "Les chiffres de cette page ; un titre de colonne souligné change l’ordre": (
        "The figures of this page; an underlined column title changes the order"
    ),
    "Valeur": "Value",
    "Ce qui est compté": "What is counted",
    "Phrase": "Sentence",
    "Organisation": "Organisation",
    "Fiche descriptive réservée aux adhérents": "Descriptive sheet, for members",
    'Aucun chiffre ne correspond. Essayez d’autres mots, ou <a href="%(all)s">voyez tous les chiffres</a>.': (
        'No figure matches. Try other words, or <a href="%(all)s">see all the figures</a>.'
    ),
    "Coûts et budgets": "Costs and budgets",
    "Personnes": "People",
    "Votants": "Voters",
    "Inscrits": "Registered",
    "Parts": "Shares",
    "Idées et projets": "Ideas and projects",
    "Équipes": "Teams",
    "Rencontres": "Meetings",
    "Durées": "Durations",
    "Âges": "Ages",
    "Habitants": "Inhabitants",
    "Territoire": "Territory",
    "Autres": "Others",
    "Par fiche": "By sheet",
    "Par organisation": "By organisation",
    "Les plus petites valeurs": "Smallest values",
    "Les plus grandes valeurs": "Largest values",
}
ANSWERS = {
    "Poser une question": "Ask a question",
    "Une autre question": "Another question",
    "Réponse": "Answer",
    (
        "La réponse s’affiche sur une page simple, qui se lit et s’imprime sans JavaScript. C’est un programme qui "
        "répond, pas une personne."
    ): (
        "Ask in English or in French: the answer comes on a plain page, to read or to print without JavaScript. It "
        "quotes the sheets in French as they were written. A program answers, not a person."
    ),
    "Ce que vaut cette réponse": "What this answer is worth",
    "Réponse du %(day)s, d’après la version %(version)s des fiches.": (
        "Answer of %(day)s, according to version %(version)s of the sheets."
    ),
    "Continuer dans le chat": "Go on in the chat",
    "Compris&nbsp;:": "Understood:",
    "Sources": "Sources",
    "cette fiche n’est plus là": "this sheet is no longer there",
    NOTE_AUTOMATIC: "Put together by a program: what stands in quotation marks is copied from the sheets as it is.",
    NOTE_WRITTEN: (
        "Written by a language model: only sentences whose figures and names are in the passage that they cite are "
        "kept. Read the sources before you use the text."
    ),
    NOTE_DATED: "Each sheet describes a practice at its date: it may have changed or stopped since.",
    NOTE_ONLY_HERE: "The assistant reads the sheets of the centre alone: what it did not find may exist elsewhere.",
    NOTE_CENTRE: (
        "What is marked as a note from the centre is written by its team and taken from no sheet. The law changes: "
        "read the articles."
    ),
    NOTE_MEMBERS: "**This answer quotes descriptive sheets that are for members: do not pass it on.**",
    QUESTION_EMPTY: "The question is empty.",
    QUESTION_TOO_COSTLY: QUESTION_TOO_COSTLY_EN,
    QUESTION_TOO_LONG: "The question is too long: {length} characters, {longest} at most.",
    WAIT: "Too many questions: wait {wait} seconds, then try again.",
}
CHECK = {
    "Vérifier une note": "Check a text",
    (
        "Collez un texte ou donnez un fichier : chaque phrase qui a un chiffre, une citation ou un nom est comparée "
        "avec les fiches."
    ): "Paste a text or give a file: each sentence with a figure, a quote or a name is compared with the sheets.",
    (
        "Votre texte dit-il bien ce que disent les fiches&nbsp;? Chaque phrase qui a un chiffre, une citation ou un "
        "nom est comparée avec elles."
    ): (
        "Does your text say what the sheets say? Each sentence with a figure, a quote or a name is compared with them. "
        "Texts in French are read."
    ),
    "Résultat": "Result",
    "Exact": "Exact",
    "Soutenu": "Supported",
    "Contredit": "Contradicted",
    "Inconnu": "Unknown",
    "phrase comparée": "sentence compared",
    "phrases comparées": "sentences compared",
    **dict.fromkeys(("contredite", "contredites"), "contradicted"),
    **dict.fromkeys(("exacte", "exactes"), "exact"),
    **dict.fromkeys(("soutenue", "soutenues"), "supported"),
    **dict.fromkeys(("inconnue", "inconnues"), "unknown"),
    "la fiche donne": "the sheet gives",
    "la fiche nomme": "the sheet names",
    "les mots de la fiche sont": "the words of the sheet are",
    "Aucune phrase comparée": "No sentence compared",
    "%(num)s phrase n’a pas été comparée&nbsp;:": "%(num)s sentence was not compared:",
    "%(num)s phrases n’ont pas été comparées&nbsp;:": "%(num)s sentences were not compared:",
    "ni chiffre, ni citation, ni nom que les fiches puissent dire.": "no figure, quote or name that sheets could tell.",
    "À corriger&nbsp;:": "To correct:",
    "phrase %(number)s": "sentence %(number)s",
    "&nbsp;: les fiches n’en disent rien, ou rien d’assez proche": ": the sheets say nothing of it, or nothing near",
    "La fiche dit&nbsp;:": "The sheet says:",
    (
        "Un programme compare les mots et les chiffres, et peut se tromper&nbsp;: lisez la phrase de la fiche avant de "
        "corriger. «&nbsp;Inconnu&nbsp;» ne veut pas dire faux."
    ): (
        "A program compares words and figures and may be mistaken: read the sentence of the sheet before you correct "
        "anything. “Unknown” does not mean false."
    ),
    "Seules les fiches ouvertes à tous ont été lues.": "Only the sheets open to everyone were read.",
    "Corriger, ou vérifier un autre texte": "Correct, or check another text",
    "Votre texte": "Your text",
    "Texte de la note": "Text",
    "%(longest)s caractères au plus, environ huit pages.": "%(longest)s characters at most, about eight pages.",
    "Ou un fichier": "Or a file",
    "Texte (.txt, .md) ou Word (.docx), %(largest)s&nbsp;Mo au plus.": (
        "Text (.txt, .md) or Word (.docx), %(largest)s&nbsp;MB at most."
    ),
    "Comparer avec les fiches": "Compare with the sheets",
    "Quelques secondes pour une page.": "A few seconds for a page.",
    "Ce que vous donnez ici sert à cette comparaison et n’est gardé nulle part.": (
        "What you give here serves for this comparison and is kept nowhere."
    ),
    "Ce que veulent dire les verdicts": "What the verdicts mean",
    "La phrase, ou ce qu’elle cite, est dans une fiche mot pour mot.": (
        "The sentence, or what it quotes, is in a sheet word for word."
    ),
    "Une fiche le dit en d’autres mots, avec les mêmes chiffres et les mêmes noms.": (
        "A sheet says so in other words, with the same figures and the same names."
    ),
    (
        "La fiche de la démarche nommée donne un autre chiffre ou un autre nom, ou n’a pas tout à fait ces mots entre "
        "guillemets."
    ): "The sheet of the practice named gives another figure or another name, or does not quite have the words quoted.",
    (
        "Aucune fiche n’en dit assez. Nommez la démarche ou le lieu dans la phrase, ou dans le titre qui la "
        "précède&nbsp;: la comparaison sera plus sûre."
    ): (
        "No sheet says enough of it. Name the practice or the place in the sentence, or in the heading before it: the "
        "comparison will be surer."
    ),
    "Collez un texte, ou choisissez un fichier.": "Paste a text, or choose a file.",
    "Collez un texte ou choisissez un fichier, pas les deux.": "Paste a text or choose a file, not both.",
    "Ce fichier n'a pas de texte.": "This file has no text.",
}
