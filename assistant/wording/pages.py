"""The words of the pages for everyone in English, by the French ones that their templates have."""

from collections.abc import Mapping

from assistant.wording.pages_asked import ANSWERS, CHECK, FIGURES
from ingest.layout import Language

_FRAME = {
    "Aller au contenu": "Skip to the content",
    "Navigation principale": "Main navigation",
    "Les fiches": "The sheets",
    "Les notions": "Notions",
    "Les chiffres": "Figures",
    "L’assistant": "The assistant",
    "Vérifier": "Check a text",
    "Mon compte": "My account",
    "Espace adhérent": "Members",
    "Informations légales": "Legal information",
    "Mentions légales": "Legal notice",
    "Confidentialité": "Privacy",
    "Accessibilité": "Accessibility",
    "Page introuvable": "Page not found",
    "Aller à l’accueil": "Go to the home page",
    "Aller à l’assistant": "Go to the assistant",
    "Erreur": "Error",
    "Chercher": "Search",
    "Chercher dans les fiches": "Search the sheets",
    "Ordre": "Order",
    "Pages": "Pages",
    "Précédente": "Previous",
    "Suivante": "Next",
    "Tout effacer": "Clear all",
    "Télécharger&nbsp;:": "Download:",
    'Vous êtes adhérent&nbsp;? <a href="%(sign_in)s">Connectez-vous</a>.': (
        'Are you a member? <a href="%(sign_in)s">Sign in</a>.'
    ),
    "Indisponible en ce moment": "Not available at the moment",
}
_HOME = {
    "Des exemples réels de participation citoyenne": "Real examples of citizen participation",
    (
        "Posez votre question : %(sheets)s sur ce que d’autres ont déjà fait pour associer les gens à leurs décisions, "
        "avec leurs sources."
    ): "Ask your question: %(sheets)s on what others have done to involve people in decisions, with their sources.",
    "Qui l’a déjà fait, et comment&nbsp;?": "Who has done it already, and how?",
    (
        "Posez votre question sur la participation citoyenne avec vos mots. L’assistant cherche dans %(sheets)s des "
        "exemples réels et cite les phrases qui vous répondent, chacune avec sa source. C’est un programme qui répond, "
        "pas une personne."
    ): (
        "Ask about citizen participation in your own words, in English or in French. The assistant looks for real "
        "examples in %(sheets)s and quotes the sentences that answer you, in French as they were written, each with "
        "its source. A program answers, not a person."
    ),
    "Demander": "Ask",
    "Votre question": "Your question",
    "Demander sans JavaScript": "Ask without JavaScript",
    "Par exemple": "For instance",
    "Parcourir les fiches": "Browse the sheets",
    "Par thème, par démarche, par territoire, en liste ou sur une carte.": (
        "By theme, by approach, by place, as a list or on a map. The sheets are in French."
    ),
    "Voir toutes les fiches": "See all the sheets",
    "Sur la carte": "On the map",
    "Thématiques les plus fréquentes": "Most frequent themes",
    "Comprendre les mots": "What words mean",
    (
        'Les <a href="%(notes)s">notes du centre</a> disent ce que les mots de la participation veulent dire, et ce '
        "que la loi demande."
    ): (
        'The <a href="%(notes)s">notes of the centre</a> say what the words of participation mean, and what French '
        "law asks for."
    ),
    "Comparer les chiffres": "Compare figures",
    (
        "Combien cela coûte, combien de personnes, combien de temps&nbsp;: "
        '<a href="%(figures)s">les chiffres des fiches</a>, chacun avec sa phrase.'
    ): (
        "How much it costs, how many people, how long: "
        '<a href="%(figures)s">the figures of the sheets</a>, each with its sentence.'
    ),
    (
        'Vous écrivez sur ces démarches&nbsp;? <a href="%(check)s">Comparez votre texte avec les fiches</a>, phrase '
        "par phrase."
    ): (
        'Do you write about these practices? <a href="%(check)s">Compare your text with the sheets</a>, sentence by '
        "sentence."
    ),
    "Ouvertes à tous, ou réservées aux adhérents": "Open to everyone, or for members",
    (
        "Les <strong>fiches de présentation</strong> sont ouvertes à tous. Les <strong>fiches descriptives</strong>, "
        "plus complètes, sont réservées aux adhérents."
    ): (
        "<strong>Presentation sheets</strong> are open to everyone. <strong>Descriptive sheets</strong>, which say "
        "more, are for members."
    ),
    "Vous êtes connecté&nbsp;: l’assistant et les pages des fiches vous donnent aussi les fiches descriptives.": (
        "You are signed in: the assistant and the pages of the sheets give you the descriptive sheets too."
    ),
    'Pour y accéder ou pour adhérer, écrivez à <a href="mailto:%(contact)s">%(contact)s</a>.': (
        'To read them or to join, write to <a href="mailto:%(contact)s">%(contact)s</a>.'
    ),
    "Ce que l’assistant ne fait pas": "What the assistant does not do",
    (
        "Il ne lit que les fiches du centre&nbsp;: ce qu’il ne trouve pas peut exister ailleurs, et il le dit. Chaque "
        "fiche décrit une démarche à sa date&nbsp;; elle a pu changer depuis. Relisez les sources avant de les "
        "reprendre."
    ): (
        "It reads the sheets of the centre alone: what it does not find may exist elsewhere, and it says so. Each "
        "sheet describes a practice at its date; it may have changed since. Read the sources before you use them."
    ),
}
_SHEETS = {
    "fiche": "sheet",
    "fiches": "sheets",
    "démarche": "practice",
    "démarches": "practices",
    "Fiche": "Sheet",
    "Fiche %(number)s": "Sheet %(number)s",
    "%(practices)s de participation citoyenne : par thème, par démarche, par porteur, par territoire.": (
        "%(practices)s of citizen participation: by theme, by approach, by organisation, by place."
    ),
    "Quelques mots ou une question, avec ou sans accents.": (
        "A few words or a question, in French, with or without accents."
    ),
    "Aller aux résultats": "Skip to the results",
    "Filtres": "Filters",
    "Tous les programmes": "All programmes",
    "Appliquer les filtres": "Apply the filters",
    "Résultats": "Results",
    "Programme": "Programme",
    "Région": "Region",
    "Département": "Département",
    "Type de démarche": "Type of approach",
    "Type de porteur": "Type of organisation",
    "Thématique": "Theme",
    "Année": "Year",
    "Titre": "Title",
    "Porteur": "Organisation",
    "Démarche": "Approach",
    "Lieu": "Place",
    "Les plus proches de la recherche": "Nearest to the search",
    "Les plus récentes": "Most recent",
    "Les plus anciennes": "Oldest",
    "Par titre": "By title",
    "Par porteur": "By organisation",
    "Fiches": "Sheets",
    "Tableau": "Table",
    "Carte": "Map",
    "Vues": "Views",
    "Ce qui est choisi": "What is chosen",
    "Retirer": "Remove",
    "Aucune fiche": "No sheet",
    "Aucune fiche n’a tous ces mots&nbsp;;": "No sheet has all these words;",
    "en voici une qui s’en approche": "here is one that comes near",
    "en voici %(num)s qui s’en approchent": "here are %(num)s that come near",
    "dont %(num)s proche par le sens": "%(num)s of them near in meaning",
    "dont %(num)s proches par le sens": "%(num)s of them near in meaning",
    "Proche par le sens": "Near in meaning",
    (
        "Aucune fiche ne correspond. Retirez un filtre, essayez d’autres mots, ou "
        '<a href="%(ask)s">demandez à l’assistant</a>.'
    ): 'No sheet matches. Remove a filter, try other words, or <a href="%(ask)s">ask the assistant</a>.',
    "Que contient ce centre de ressources ?": "What does this resource centre hold?",
    "Les fiches de cette page ; un titre de colonne souligné change l’ordre": (
        "The sheets of this page; an underlined column title changes the order"
    ),
    "Un point mène à sa fiche, ou à la liste de celles de ses communes. Fond&nbsp;: IGN, Licence Ouverte 2.0.": (
        "A point leads to its sheet, or to the list of those of its towns. Map: IGN, Licence Ouverte 2.0."
    ),
    "Sans lieu sur la carte&nbsp;:": "Without a place on the map:",
    "Les mêmes lieux en liste": "The same places as a list",
    "Carte de France": "Map of France",
    "Poser une question sur cette fiche": "Ask about this sheet",
    "Fiche descriptive": "Descriptive sheet",
    "Une fiche descriptive plus complète de cette démarche est réservée aux adhérents. Pour y accéder, écrivez à": (
        "A descriptive sheet, which says more of this practice, is for members. To read it, write to"
    ),
    "Site&nbsp;:": "Site:",
    "Sur le web": "On the web",
    "Fiches semblables": "Similar sheets",
    "Cette fiche n'existe pas, ou n'est plus dans le centre de ressources.": (
        "There is no such sheet, or it is no longer in the resource centre."
    ),
}
_NOTIONS = {
    "note": "note",
    "notes": "notes",
    "Ce que veulent dire les mots de la participation citoyenne, et ce que la loi demande : %(notes)s du centre.": (
        "What the words of citizen participation mean, and what French law asks for: %(notes)s of the centre."
    ),
    (
        "Ce que veulent dire les mots de la participation citoyenne, et ce que la loi demande. Ce sont des notes "
        "écrites par le centre, et non des fiches."
    ): (
        "What the words of citizen participation mean, and what French law asks for. These are notes written by the "
        "centre, and no sheets; what they say of a word is in English too, what they say of the law in French."
    ),
    "Chercher dans les notions": "Search the notions",
    "Chercher une notion": "Search for a notion",
    "Un mot, un sigle ou le terme anglais, avec ou sans accents.": "A word, an acronym or the English term.",
    'Le centre n’a pas de note à ce mot. <a href="%(all)s">Voir toutes les notions</a>': (
        'The centre has no note on this word. <a href="%(all)s">See all the notions</a>'
    ),
    "Les mots": "Words",
    "Les mots, par lettre": "Words, by letter",
    "Ce que la loi demande": "What the law asks for",
    "Note du centre": "Note from the centre",
    "Demander à l’assistant": "Ask the assistant",
    "Le droit": "The law",
    "Vérifié le %(day)s. Cette note ne remplace ni le texte, ni l’avis d’un juriste.": (
        "Checked on %(day)s. This note replaces neither the law itself nor a lawyer’s advice."
    ),
    "Dans les fiches, par exemple": "In the sheets, for instance",
    "Autres mots": "Other words",
    "Voir aussi": "See also",
    "Le centre n'a pas de note de ce nom, ou l'a retirée.": "The centre has no note of this name, or withdrew it.",
}
ENGLISH: Mapping[str, str] = _FRAME | _HOME | _SHEETS | _NOTIONS | FIGURES | ANSWERS | CHECK


def translate(text: str, language: Language) -> str:
    """The words of a page in its language; in French those that English does not have."""
    return ENGLISH.get(text, text) if language == "en" else text
