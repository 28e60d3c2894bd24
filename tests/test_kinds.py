"""Each kind of question has its own form of answer, over the 101 real sheets."""

import asyncio
import re
from collections import Counter

import pytest

from assistant.answers.answer import Answer
from assistant.checks.verification import find_faults
from assistant.pipeline import Knowledge, answer, answer_turns
from index.encoding.encoder import Encoder
from index.filters import Filters
from index.opened import Index
from language.letters import fold

MARK = re.compile(r"(?<!\\)\[(\d+)\]")


@pytest.fixture
def members(own_members_index: Index, encoder: Encoder) -> Knowledge:
    return Knowledge(own_members_index, encoder, "contact@exemple.fr")


def ask(question: str, knowledge: Knowledge, filters: Filters | None = None) -> Answer:
    return asyncio.run(answer(question, knowledge, filters))


def converse(knowledge: Knowledge, *questions: str) -> list[Answer]:
    return asyncio.run(answer_turns(questions, knowledge))


def check_proofs(given: Answer, index: Index) -> None:
    """Marks and citations correspond, and each quote is verbatim in a passage that the reader may see."""
    passages = {passage.id: passage for passage in index.passages}
    assert {int(mark) for mark in MARK.findall(given.answer)} == {citation.n for citation in given.citations}
    for citation in given.citations:
        assert citation.quote in passages[citation.passage].text


KINDS = {
    "listing": [
        "Combien de budgets participatifs ?",
        "Combien de fiches avez-vous ?",
        "combien de demarches en bretagne",
        "Combien de projets ont été menés par des départements ?",
        "Combien d'associations ont été lauréates en 2017 ?",
        "combien de communes de moins de 5 000 habitants",
        "Combien de fiches parlent de théâtre ?",
        "les lauréats 2018",
        "Quels sont les lauréats de 2016 ?",
        "Quelles villes moyennes ont une plateforme en ligne ?",
        "toutes les fiches du Nord",
        "Liste des démarches sur la santé",
        "Peux-tu lister les budgets participatifs des grandes villes ?",
        "les cas d'étude du Baromètre : liste complète",
        "Combien de prix du jury ?",
        "liste des fiches 4 étoiles de 2020",
        "nombre de consultations dans le Val-de-Marne",
        "How many participatory budgets are there?",
        "list all the projects about health",
        "tous les exemples des régions",
    ],
    "fact": [
        "Combien de personnes ont voté dans le Gers en 2019 ?",
        "Quelle part des électeurs a voté dans le Gers en 2019 ?",
        "Combien de membres compte le comité du Haut de la Tranchée ?",
        "Combien de projets ont été désignés lauréats à Rennes en 2019 ?",
        "En quelle année a été lancé le budget participatif de Jarny ?",
    ],
    "method": [
        "Comment mobiliser les jeunes ?",
        "par où commencer pour un budget participatif ?",
        "Quelles étapes pour une concertation sur un quartier ?",
        "comment associer les habitants à la rénovation d'un quartier",
        "How to involve residents in urban planning?",
        "Comment toucher les personnes éloignées de la participation ?",
    ],
    "comparison": [
        "Compare les budgets participatifs de Rennes et Grenoble",
        "Quelles différences entre Tok-Tok et Imagine le Grand Annecy ?",
        "Jarny vs Bailleul",
        "fais un tableau des plateformes de Nantes, Toulouse et Angers",
        "What is the difference between Kingersheim and Jarny?",
        "compare le budget participatif du Gers avec celui du Val-de-Marne",
    ],
    "sheet": [
        "Parle-moi de Kingersheim",
        "présente la fiche Ma Plage, Demain",
        "Tok-Tok",
        "Le Débat Permanent",
        "budget participatif Jarny",
        "Parle-moi du budget participatif du Gers",
        "c'est quoi le projet Muttersholtz 2050 ?",
        "Tell me about the Gers participatory budget",
        "en savoir plus sur Imagine la cantine",
        "quelles étapes pour le budget participatif de Jarny ?",
    ],
    "examples": [
        "Qui a fait un budget participatif avec des collégiens ?",
        "budget participatif",
        "Lille",
        "Parle-moi des budgets participatifs",
        "des exemples avec des citoyens tirés au sort ?",
        "des exemples de conseils citoyens",
        "Des exemples de parcs dessinés par des enfants ?",
        "Which towns consulted residents during Covid?",
        "toutes les façons de mobiliser un village",
    ],
    "contact": [
        "Qui contacter à Jarny ?",
        "les coordonnées de la mairie de Lavelanet",
        "contact details for Archipel Habitat please",
        "¿A quién puedo escribir en Jarny?",
    ],
    "centre": [
        *("C'est quoi les Trophées ?", "Qui êtes-vous ?", "Comment accéder aux fiches descriptives ?"),
        *("Comment vous contacter ?", "À qui écrire ?"),
    ],
    "small_talk": ["Bonjour", "merci !"],
    "nothing": ["Quelle est la recette de la tarte aux pommes ?"],
}


@pytest.mark.parametrize(("kind", "question"), [(kind, each) for kind, asked in KINDS.items() for each in asked])
def test_the_kind_of_a_question_is_recognised(kind: str, question: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert given.kind == kind
    check_proofs(given, knowledge.index)


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        pytest.param("combien de budgets participatifs ?", Filters(demarche=("BP",)), id="demarche"),
        pytest.param("les lauréats 2019", Filters(source="trophees", annee=(2019,)), id="programme-and-year"),
        pytest.param("toutes les fiches de Bretagne", Filters(region=("53",)), id="region"),
        pytest.param(
            "Quelles villes moyennes ont un budget participatif ?", Filters(porteur=("VM",), demarche=("BP",)), id="two"
        ),
        pytest.param("combien de fiches dans le Nord ?", Filters(departement=("59",)), id="departement"),
    ],
)
def test_a_count_is_that_of_the_catalogue(question: str, filters: Filters, knowledge: Knowledge) -> None:
    wanted = {sheet.id for sheet in knowledge.index.practices if filters.accept(sheet)}
    given = ask(question, knowledge)
    assert given.answer.startswith(f"**{len(wanted)} fiches**")
    assert {citation.sheet for citation in given.citations} == wanted


def test_a_long_list_is_cut_and_its_count_is_not(knowledge: Knowledge) -> None:
    given = ask("combien de consultations ?", knowledge)
    total = sum("DC" in sheet.demarche for sheet in knowledge.index.practices)
    assert f"**{total} fiches**" in given.answer
    assert f"… et {total - 20} autres." in given.answer
    assert len(given.citations) == 20


def test_what_no_filter_says_is_counted_by_its_words_and_said_so(knowledge: Knowledge) -> None:
    given = ask("Combien de fiches parlent de camionnette ?", knowledge)
    assert "texte qui contient" in given.answer
    assert "pas une rubrique" in given.answer
    assert "97" in given.shown


def test_of_a_compound_each_word_is_needed_for_a_count(knowledge: Knowledge) -> None:
    given = ask("Combien de fiches parlent de théâtre ?", knowledge)  # it stands for "théâtre-forum" too
    texts = {sheet.id: sheet.model_dump_json().lower() for sheet in knowledge.index.practices}
    assert set(given.shown) == {sheet for sheet, text in texts.items() if re.search(r"\bthéâtre", text)}


def test_a_filter_set_by_hand_holds_for_a_count(knowledge: Knowledge) -> None:
    given = ask("combien de budgets participatifs ?", knowledge, Filters(porteur=("PV",)))
    wanted = {s.id for s in knowledge.index.practices if "BP" in s.demarche and "PV" in s.porteur}
    assert {citation.sheet for citation in given.citations} == wanted


def test_a_count_of_none_says_none(knowledge: Knowledge) -> None:
    given = ask("Combien de fiches en Corse ?", knowledge)
    assert (given.kind, given.abstained, given.citations) == ("listing", True, ())
    assert given.answer.startswith("Aucune des 101 fiches")


def test_a_method_tells_the_steps_of_one_practice_in_its_order_then_what_others_say(knowledge: Knowledge) -> None:
    given = ask("Comment lancer un budget participatif, par où commencer ?", knowledge)
    assert given.kind == "method"
    marks = [int(found[1]) for found in re.finditer(r"^   - .+\[(\d+)\]$", given.answer, re.MULTILINE)]
    steps = [citation for citation in given.citations if citation.n in marks]
    assert len(steps) >= 3
    assert {step.sheet for step in steps} == {given.shown[0]}
    assert all(step.passage.split("/")[1] == "etapes" for step in steps)
    (text,) = {passage.text for passage in knowledge.index.passages if passage.id in {step.passage for step in steps}}
    assert [step.quote for step in steps] == sorted((step.quote for step in steps), key=text.index)
    assert len(given.shown) >= 2


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        pytest.param("Comment tirer au sort des habitants ?", "tiré|tirage", id="sortition"),
        pytest.param(
            "Comment organiser un vote en ligne ?",
            "vot",
            id="vote",
            marks=pytest.mark.xfail(strict=True, reason="what is told of online consultations comes among it (ADR 43)"),
        ),
    ],
)
def test_steps_that_do_not_bear_on_what_is_asked_are_not_told(question: str, matter: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    bearing = [citation for citation in given.citations if re.search(matter, citation.quote, re.IGNORECASE)]
    assert re.search(matter, given.citations[0].quote, re.IGNORECASE)
    assert 2 * len(bearing) > len(given.citations)


def test_a_method_that_the_sheets_have_no_steps_for_gives_examples(knowledge: Knowledge) -> None:
    assert ask("Comment choisir un prestataire pour une plateforme numérique ?", knowledge).kind != "nothing"


def test_cells_of_a_comparison_have_a_source_or_say_that_nothing_is_told(knowledge: Knowledge) -> None:
    given = ask("Compare les budgets participatifs de Rennes et Grenoble", knowledge)
    rows = [row.strip("|").split(" | ") for row in given.answer.split("\n") if row.startswith("| **")]
    assert {len(row) for row in rows} == {3}
    computed = ("Organisation", "Origine", "Démarche")
    cells = [cell for row in rows if not any(name in row[0] for name in computed) for cell in row[1:]]
    assert all(MARK.search(cell) or cell.strip() == "non renseigné" for cell in cells)
    assert "190 000 euros" in given.answer
    assert given.sheets[:2] == ("75", "62")


def test_a_place_without_sheet_is_said_in_a_comparison(knowledge: Knowledge) -> None:
    given = ask("Compare le budget participatif de Rennes avec celui de Strasbourg", knowledge)
    assert "Je n'ai pas trouvé de fiche sur : Strasbourg" in given.answer
    assert given.shown == ("75",)


@pytest.mark.parametrize(
    ("question", "kind", "sheets"),
    [
        pytest.param("compare la cantine et le jardin d'Alice", "comparison", ("82", "39"), id="parts-of-titles"),
        pytest.param("Compare Tok-Tok et la votation de Choisy", "comparison", ("97", "28"), id="of-a-place"),
        pytest.param("Compare Tok-Tok et Superman", "sheet", ("97",), id="one-is-not-there"),
    ],
)
def test_each_name_of_an_enumeration_is_looked_for(
    question: str, kind: str, sheets: tuple[str, ...], knowledge: Knowledge
) -> None:
    given = ask(question, knowledge)
    assert (given.kind, given.sheets[: len(sheets)]) == (kind, sheets)


def test_a_long_title_of_an_enumeration_is_found_by_how_it_begins(knowledge: Knowledge) -> None:
    sheet = max(knowledge.index.practices, key=lambda each: len(each.title))
    assert len(sheet.title) > 80
    given = ask(f"Compare Tok-Tok et {sheet.title.replace(',', ' ')}", knowledge)
    assert (given.kind, given.sheets[:2]) == ("comparison", ("97", sheet.id))


def test_what_is_enumerated_may_be_no_names(knowledge: Knowledge) -> None:
    given = ask("compare les coûts et les moyens des plateformes", knowledge)
    assert given.kind == "comparison"
    assert len(given.shown) > 2


def test_what_was_shown_can_be_compared(knowledge: Knowledge) -> None:
    first, second = converse(knowledge, "Qui a mené un budget participatif dans une petite ville ?", "compare-les")
    assert second.kind == "comparison"
    assert second.shown == first.shown[:5]
    first, second = converse(knowledge, first.standalone_question, "compare les deux premiers")
    assert (second.kind, second.shown) == ("comparison", first.shown[:2])


def test_the_sheet_in_focus_is_compared_with_the_one_named(knowledge: Knowledge) -> None:
    *_, last = converse(knowledge, "Parle-moi de Jarny", "et par rapport à Kingersheim ?")
    assert (last.kind, last.shown) == ("comparison", ("21", "3"))


def test_the_second_of_a_list_has_its_card(knowledge: Knowledge) -> None:
    first, second, third = converse(
        knowledge, "Qui a fait un budget participatif ?", "et le deuxième ?", "combien de votants ?"
    )
    assert (second.kind, second.shown) == ("sheet", first.shown[1:2])
    assert third.kind != "listing"
    assert third.sheets[0] == first.shown[1]


def test_a_count_is_asked_again_of_another_place_or_year(knowledge: Knowledge) -> None:
    first, second, third = converse(knowledge, "les lauréats 2019", "et en 2018 ?", "sur l'environnement")
    assert {given.kind for given in (first, second, third)} == {"listing"}
    wanted = Filters(annee=(2018,), source="trophees", thematique=("ENV",))
    assert set(third.shown) == {sheet.id for sheet in knowledge.index.practices if wanted.accept(sheet)}


def test_a_card_has_points_steps_with_their_dates_and_site(knowledge: Knowledge) -> None:
    given = ask("Parle-moi du projet Ma Plage, Demain", knowledge)
    assert "1. **18 février 2019** : «" in given.answer
    assert "**Partenaires**" in given.answer
    assert "Site : https://www.herault.gouv.fr" in given.answer
    assert len(given.answer.split()) < 400


def test_the_team_of_a_barometer_sheet_is_no_step(knowledge: Knowledge) -> None:
    given = ask("Parle-moi de la Fabrique citoyenne de Rennes", knowledge)
    assert "**Équipe**" in given.answer
    assert "**Déroulé**" not in given.answer


def test_a_member_reads_the_document_with_its_page_and_a_visitor_is_told_only_that_it_exists(
    own_index: Index, members: Knowledge, encoder: Encoder
) -> None:
    question = "Parle-moi de Tok-Tok"
    visitors = Knowledge(own_index, encoder, "contact@exemple.fr")
    for_visitor, for_member = ask(question, visitors), ask(question, members)
    assert "1 fiche descriptive réservée aux adhérents porte aussi" in for_visitor.answer
    assert {citation.access for citation in for_visitor.citations} == {"public"}
    assert "réservée aux adhérents" not in for_member.answer
    assert [citation.page for citation in for_member.citations if citation.access == "members"]
    assert re.search(r"\(p\.\u00a0\d", for_member.answer)


def test_several_documents_are_counted(knowledge: Knowledge) -> None:
    given = ask("Qui a fait un budget participatif ?", knowledge)
    assert f"{len(given.shown)} fiches descriptives réservées aux adhérents portent aussi" in given.answer
    assert "contact@exemple.fr" in given.answer


def test_answers_about_no_sheet_have_no_notices(knowledge: Knowledge) -> None:
    for question in ("C'est quoi les Trophées ?", "Bonjour", "Quelle est la recette de la tarte aux pommes ?"):
        assert "descriptives réservées aux adhérents portent aussi" not in ask(question, knowledge).answer
        assert "vérifiez" not in ask(question, knowledge).answer


def test_what_examples_have_in_common_is_no_longer_told(knowledge: Knowledge) -> None:
    given = ask("des exemples pour mobiliser les quartiers prioritaires", knowledge)
    first, second, *_ = given.answer.split("\n\n")
    assert given.kind == "examples"
    assert first.startswith(f"Voici {len(given.shown)} exemples, choisis et rangés par un programme")
    assert second.startswith("1. **")


def test_a_question_on_nothing_of_the_centre_leaves_the_subject_before_it(knowledge: Knowledge) -> None:
    turns = ["Compare Rennes et Nantes sur le budget participatif", "Quelle est la recette de la tarte aux pommes ?"]
    told = asyncio.run(answer_turns(turns, knowledge))
    assert (told[0].kind, told[1].kind, told[1].citations) == ("comparison", "nothing", ())


def test_what_finds_nothing_leaves_what_was_shown_to_be_talked_about(knowledge: Knowledge) -> None:
    turns = [
        "des budgets participatifs pour les jeunes",
        "Quelle est la recette de la tarte ?",
        "le deuxième, combien ?",
    ]
    told = asyncio.run(answer_turns(turns, knowledge))
    assert told[1].sheets == ()
    assert told[2].sheets[0] == told[0].shown[1]


def test_a_question_that_other_sheets_answer_better_leaves_the_sheet_before_it(knowledge: Knowledge) -> None:
    turns = [
        "Parle-moi de Tok-Tok",
        "Combien d'arrêts pendant la tournée ?",
        "Les bailleurs sociaux concertent comment leurs locataires ?",
        "et les partenaires ?",
    ]
    told = asyncio.run(answer_turns(turns, knowledge))
    assert [each.sheets[0] for each in told[:2]] == ["97", "97"]
    assert all("97" not in each.shown for each in told[2:])


def test_a_sheet_is_told_by_its_number(knowledge: Knowledge) -> None:
    given = ask("Parle-moi de la fiche 29", knowledge)
    assert (given.kind, given.sheets[0]) == ("sheet", "29")


def test_a_count_of_words_counts_the_sheets_that_say_them(knowledge: Knowledge) -> None:
    given = ask("combien de fiches parlent de tirage au sort ?", knowledge)
    assert given.kind == "listing"
    texts = {
        sheet.id: fold(" ".join(block.text for section in sheet.sections for block in section.blocks) + sheet.title)
        for sheet in knowledge.index.practices
    }
    assert given.sheets
    assert set(given.listed) >= {sheet for sheet, text in texts.items() if re.search(r"tir\w+ au sort", text)}
    assert set(given.listed) < set(texts)
    assert ask("Quels exemples de tirage au sort ?", knowledge).kind == "examples"
    assert ask("Combien de fiches datent de 2020 ?", knowledge).answer.startswith("**15 fiches**")


@pytest.mark.parametrize(
    ("question", "sheet"),
    [
        pytest.param("montre-moi la fiche descriptive de Kingersheim", "3", id="show"),
        pytest.param("la fiche de Kingersheim", "3", id="bare"),
        pytest.param("Je voudrais la fiche de Tok-Tok", "97", id="i-would-like"),
        pytest.param("Donne-moi la fiche descriptive du Gers", "1", id="give"),
        pytest.param("Où est la fiche du budget participatif de Rennes ?", "75", id="where"),
    ],
)
def test_a_sheet_that_is_asked_for_by_name_is_given(question: str, sheet: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert (given.kind, given.shown) == ("sheet", (sheet,))
    assert all(citation.access == "public" for citation in given.citations)


def test_how_to_get_the_members_sheets_is_told_by_the_centre(knowledge: Knowledge) -> None:
    for question in ("C'est quoi une fiche descriptive ?", "Comment obtenir la fiche descriptive de Kingersheim ?"):
        assert ask(question, knowledge).kind == "centre"


def test_who_carries_a_practice_is_told_with_where_to_write(knowledge: Knowledge) -> None:
    given = ask("À qui écrire à Kingersheim ?", knowledge)
    assert (given.kind, given.abstained, given.sheets[0]) == ("contact", False, "3")
    first, *_, last = given.answer.split("\n\n")
    assert "**Commune de Kingersheim**" in first
    assert "Place de la Libération, 68260 Kingersheim" in first
    assert "https://www.ville-kingersheim.fr" in first
    assert "contact@exemple.fr" in last
    followed = converse(knowledge, "Parle-moi du budget participatif du Gers", "et comment les joindre ?")[1]
    assert followed.kind == "contact"
    assert "**Département du Gers**" in followed.answer


def test_several_who_may_be_asked_are_told_beside_their_practices(knowledge: Knowledge) -> None:
    given = ask("Qui appeler pour un retour d'expérience sur un budget participatif de petite ville ?", knowledge)
    assert (given.kind, given.abstained) == ("contact", False)
    lines = [line for line in given.answer.split("\n") if line.startswith("- ")]
    assert 2 <= len(lines) <= 5
    assert all("http" in line and re.search(r"\b\d{5} ", line) for line in lines)
    assert "21" in given.sheets


def test_nobody_is_named_of_a_place_that_no_sheet_is_of(knowledge: Knowledge) -> None:
    given = ask("Qui contacter à Dijon ?", knowledge)
    assert (given.kind, given.abstained) == ("nothing", True)
    assert "Dijon" in given.answer


@pytest.mark.parametrize(
    "question", ["Combien de démarches sur le tirage au sort ?", "combien de villes ont utilisé le tirage au sort"]
)
def test_a_subject_is_counted_in_the_trades_words_which_are_told(question: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert given.kind == "listing"
    assert "«\u00a0tirage au sort\u00a0» ou «\u00a0tiré au sort\u00a0»" in given.answer.split("\n")[0]
    assert "87" in given.listed
    said = re.compile(r"tir\w+ au sort")
    assert all(said.search(fold(str(knowledge.index.find_sheet(sheet)))) for sheet in given.listed)


def test_what_is_counted_by_its_words_is_not_counted_by_what_it_implies(knowledge: Knowledge) -> None:
    given = ask("Combien de communes ont fait un jury citoyen ?", knowledge)
    assert (given.kind, given.form) == ("listing", "count")
    first = given.answer.split("\n")[0]
    assert "«\u00a0jury citoyen\u00a0»" in first  # as a whole: neither word alone
    assert "sort" not in first
    said = re.compile(r"(?:jurys?|panels?) citoyens?|conferences? (?:de )?citoyen")
    assert given.listed
    assert all(said.search(fold(str(knowledge.index.find_sheet(sheet)))) for sheet in given.listed)
    assert "29" not in given.listed  # its certificate has a jury, which is not one of citizens


def test_a_question_that_lists_by_its_bounds_alone_lists_all_that_meet_them(knowledge: Knowledge) -> None:
    wanted = {sheet.id for sheet in knowledge.index.practices if Filters(region=("53",)).accept(sheet)}
    for question in ("des exemples en Bretagne", "Examples in Brittany", "Quelles démarches en Bretagne ?"):
        given = ask(question, knowledge)
        assert (given.kind, given.form, set(given.listed)) == ("listing", "list", wanted), question
    small = ask("dans les communes de moins de 10 000 habitants", knowledge)
    sheets = [knowledge.index.find_sheet(sheet) for sheet in small.listed]
    assert (small.kind, "21" in small.listed) == ("listing", True)
    assert all(sheet and sheet.place.population and sheet.place.population <= 10_000 for sheet in sheets)
    assert ask("des exemples de théâtre en Bretagne", knowledge).kind != "listing"  # that is a subject


def test_a_figure_of_a_place_is_no_list_by_bounds(knowledge: Knowledge, members: Knowledge) -> None:
    for known in (knowledge, members):
        given = ask("Combien de personnes ont voté au budget participatif du Gers ?", known)
        assert (given.kind, given.shown) == ("fact", ("1",))


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        pytest.param("Quelle part des fiches vient de départements ?", Filters(porteur=("DEP",)), id="french"),
        pytest.param("Quel pourcentage des démarches vient de Bretagne ?", Filters(region=("53",)), id="percentage"),
        pytest.param("What share of the sheets are about health?", Filters(thematique=("SAN",)), id="english"),
    ],
)
def test_a_share_is_told_with_the_division_that_gives_it(question: str, filters: Filters, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    wanted = {sheet.id for sheet in knowledge.index.practices if filters.accept(sheet)}
    assert (given.kind, given.form, set(given.listed)) == ("listing", "share", wanted)
    total = len(knowledge.index.practices)
    assert f"Soit {100 * len(wanted) / total:.0f} % des fiches ({len(wanted)} ÷ {total})." in given.answer
    assert find_faults(given, knowledge.index) == []


def read_table(given: Answer) -> dict[str, int]:
    rows = re.findall(r"^\| (.+) \| (\d+) \|$", given.answer, re.MULTILINE)
    return {name: int(number) for name, number in rows}


def test_sheets_are_counted_by_year_and_by_region(knowledge: Knowledge) -> None:
    practices = knowledge.index.practices
    for question in ("Combien de fiches par année ?", "How many sheets per year?", "évolution du nombre de démarches"):
        by_year = ask(question, knowledge)
        assert (by_year.kind, by_year.form) == ("listing", "count")
        wanted = Counter(str(sheet.last_year) for sheet in practices)
        assert list(read_table(by_year).items()) == sorted(wanted.items()), question
        assert sum(read_table(by_year).values()) == len(practices) == len(by_year.listed)
    by_region = read_table(ask("Combien de fiches par région ?", knowledge))
    wanted = Counter(sheet.place.region or "" for sheet in practices)
    assert sorted(by_region.values()) == sorted(wanted.values())
    assert by_region["Bretagne"] == wanted["53"] == 6
    assert list(by_region.values()) == sorted(by_region.values(), reverse=True)
    assert read_table(ask("Combien de démarches par département ?", knowledge))["Nord"] == 9


def test_what_is_counted_by_column_is_what_the_rest_of_the_question_says(knowledge: Knowledge) -> None:
    coded = [sheet for sheet in knowledge.index.practices if "BP" in sheet.demarche]
    given = ask("Combien de budgets participatifs par année ?", knowledge)
    assert read_table(given) == Counter(str(sheet.last_year) for sheet in coded)
    of_departments = [sheet for sheet in knowledge.index.practices if "DEP" in sheet.porteur]
    given = ask("Combien de démarches de départements par région ?", knowledge)
    assert set(given.listed) == {sheet.id for sheet in of_departments}
    by_theme = ask("répartition des fiches par thématique", knowledge)
    values = Counter(code for sheet in knowledge.index.practices for code in sheet.thematique)
    assert sorted(read_table(by_theme).values()) == sorted(values.values())


def test_a_count_is_asked_again_of_those_who_did_it(knowledge: Knowledge) -> None:
    first, second = converse(knowledge, "Combien de budgets participatifs ?", "combien par des départements ?")
    wanted = {s.id for s in knowledge.index.practices if "BP" in s.demarche and "DEP" in s.porteur}
    assert (first.form, second.kind, second.form) == ("count", "listing", "count")
    assert set(second.listed) == wanted < set(first.listed)
    assert "«\u00a0Département\u00a0»" in second.answer.split("\n")[0]
    after_examples = converse(knowledge, "Quels budgets participatifs ?", "combien par des départements ?")[1]
    assert (after_examples.form, set(after_examples.listed)) == ("count", wanted)


def test_the_criterion_that_leaves_all_out_is_relaxed_and_said(knowledge: Knowledge) -> None:
    given = ask("Combien de budgets participatifs en Bretagne en 2016 ?", knowledge)
    assert (given.kind, given.form, given.abstained) == ("listing", "count", False)
    none, without, *_ = given.answer.split("\n\n")
    assert none.startswith("Aucune des 101 fiches ne répond à tous ces critères : ")
    for criterion in ("Budget et financement participatif", "2016", "Bretagne"):
        assert criterion in none
    wanted = {sheet.id for sheet in knowledge.index.practices if Filters(region=("53",), annee=(2016,)).accept(sheet)}
    assert set(given.listed) == wanted
    assert without.startswith("Sans « type de démarche «\u00a0Budget et financement participatif\u00a0» » : ")
    assert without.endswith(f"**{len(wanted)} fiche**.")
    assert find_faults(given, knowledge.index) == []


def test_a_figure_of_a_sheet_is_not_a_count_of_sheets(knowledge: Knowledge) -> None:
    assert ask("Combien de projets ont été retenus ?", knowledge).kind != "listing"


@pytest.mark.parametrize(
    ("question", "sheets"),
    [
        pytest.param("Comment faire un jury citoyen ?", {"87", "79", "75", "61", "10", "42", "12"}, id="jury"),
        pytest.param("Comment mettre en place un budget participatif ?", set(), id="budget"),
    ],
)
def test_steps_come_from_sheets_that_did_what_is_asked(question: str, sheets: set[str], knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert given.kind == "method"
    coded = {sheet.id for sheet in knowledge.index.practices if "BP" in sheet.demarche}
    assert given.shown[0] in (sheets or coded)
    assert "\n   - «" in given.answer


def test_a_method_that_no_sheet_did_has_no_steps_of_another(knowledge: Knowledge) -> None:
    given = ask("Comment monter une convention citoyenne ?", knowledge)
    assert "\n   - «" not in given.answer


def test_a_method_that_one_sheet_names_shows_it(knowledge: Knowledge) -> None:
    assert "Convention Citoyenne" in ask("Comment monter une convention citoyenne ?", knowledge).answer


def test_a_date_of_one_place_does_not_answer_for_another(knowledge: Knowledge) -> None:
    given = ask("En quelle année a commencé le budget participatif de Rennes ?", knowledge)
    assert given.sheets[0] == "75"
    assert "190 000" not in given.answer
    told = ask("Quand la ville de Paris a-t-elle lancé son budget participatif ?", knowledge)
    sheets = [knowledge.index.find_sheet(sheet) for sheet in told.shown]
    assert sheets
    assert all(sheet and sheet.place.commune == "Paris" for sheet in sheets)
