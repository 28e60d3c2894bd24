"""Answers made of the sentences that answer: why, who, how long, yes or no, advice, figures; over the real sheets."""

import asyncio
import re

import pytest

from assistant.answers.answer import Answer
from assistant.answers.kinds.figures import KIND as FIGURES
from assistant.answers.kinds.kind import Case
from assistant.answers.proofs import choose_proofs, group_by_sheet
from assistant.checks.verification import find_faults
from assistant.finding.findings import Finding
from assistant.finding.search import search
from assistant.pipeline import Knowledge, answer
from assistant.reading.read import read_question
from assistant.wording.told import mixed
from index.aspects.figures import Figure, find_figures, list_figures
from index.opened import Index

MARK = re.compile(r"(?<!\\)\[(\d+)\]")
RANGE = re.compile(r"De \*\*(.+?)\*\* \((.+?)\)\u00a0\[(\d+)\] à \*\*(.+?)\*\* \((.+?)\)\u00a0\[(\d+)\]\.")


def ask(question: str, knowledge: Knowledge) -> Answer:
    return asyncio.run(answer(question, knowledge))


def case_of(question: str, knowledge: Knowledge) -> Case:
    reading = read_question(question, (), knowledge.index)
    found = search(reading, knowledge, None, 60)
    return Case(reading, found[:10], knowledge, None, found[10:])


def check_told(given: Answer, index: Index) -> None:
    """Each line quotes, each quote is verbatim, each mark has its citation, a few sentences a sheet at most."""
    passages = {passage.id: passage for passage in index.passages}
    assert not given.abstained
    assert given.citations
    assert {int(mark) for mark in MARK.findall(given.answer)} == {citation.n for citation in given.citations}
    for citation in given.citations:
        assert citation.quote in passages[citation.passage].text
    for sheet in given.shown:
        assert 1 <= len([each for each in given.citations if each.sheet == sheet]) <= 6
    assert find_faults(given, index) == []


TOLD = {
    "Pourquoi certaines villes ont-elles créé une plateforme ?": (
        "why",
        "Voici les raisons que donnent {count} fiches.",
    ),
    "Why do cities launch participatory budgets?": (
        "why",
        "Here are the reasons that {count} sheets give (in French).",
    ),
    "Qui a financé les budgets participatifs ?": ("who", "Voici qui s'en charge, d'après {count} fiches."),
    "Who runs the workshops with children?": (
        "who",
        "Here is who takes charge of it, according to {count} sheets (in French).",
    ),
    "Combien de temps dure une concertation ?": (
        "duration",
        "Voici les durées et les dates que donnent {count} fiches.",
    ),
    "How long did the consultations last?": (
        "duration",
        "Here are the durations and dates that {count} sheets give (in French).",
    ),
    "Peut-on voter en ligne pour un budget participatif ?": (
        "yesno",
        "Voici ce qu'en disent {count} fiches",
    ),
    "Do any towns let children vote?": (
        "yesno",
        "**Perhaps**: {count} sheets come near it (in French)",
    ),
    "Quelles leçons tirer des budgets participatifs ?": ("advice", "Voici ce qu'en disent {count} fiches."),
    "What lessons were learnt about mobilising young people?": (
        "advice",
        "Here is what {count} sheets say of it (in French).",
    ),
    "Combien de votants dans les budgets participatifs ?": (
        "figures",
        "Voici les chiffres de {count} fiches ; d'autres peuvent en donner.",
    ),
    "How many people vote in participatory budgets?": (
        "figures",
        "Here are figures of {count} sheets (in French); others may give some.",
    ),
    "des exemples avec des citoyens tirés au sort ?": (
        "examples",
        "Voici {count} exemples, choisis et rangés par un programme : lisez-les tous, l'ordre n'est qu'une estimation.",
    ),
    "Which towns consulted residents during Covid?": (
        "examples",
        "Here are {count} examples, chosen and ordered by a program",
    ),
}


@pytest.mark.parametrize("question", TOLD)
def test_an_answer_is_opened_by_what_was_asked_in_the_language_of_the_question(
    question: str, knowledge: Knowledge
) -> None:
    kind, opening = TOLD[question]
    given = ask(question, knowledge)
    assert (given.kind, given.form) == (kind, kind)
    count = len(given.shown)
    assert count > 1
    assert given.answer.split("\n")[0].startswith(opening.format(count=count))
    check_told(given, knowledge.index)


def test_one_sheet_is_opened_as_one(knowledge: Knowledge) -> None:
    given = ask("Qui a fait un audit financier citoyen ?", knowledge)
    assert given.shown == ("87",)
    openings = ("Voici qui s'en charge, d'après la fiche.", "Voici ce qu'en dit la fiche.", "Voici l'exemple qui")
    assert given.answer.startswith(openings)


@pytest.mark.parametrize("question", ["Peut-on voter en ligne ?", "Can residents vote online?"])
def test_a_yes_or_no_is_left_to_who_asks(question: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert given.kind == "yesno"
    assert not re.match(r"\W*(?:oui|non|yes|no)\b", given.answer, re.IGNORECASE)


def test_sheets_come_best_first_and_their_sentences_in_reading_order(knowledge: Knowledge) -> None:
    case = case_of("Quelles leçons tirer des budgets participatifs ?", knowledge)
    given = ask("Quelles leçons tirer des budgets participatifs ?", knowledge)
    assert given.shown[0] == case.found[0].hit.sheet.id
    orders = {passage.id: passage.order for passage in knowledge.index.passages}
    for sheet in given.shown:
        own = [orders[citation.passage] for citation in given.citations if citation.sheet == sheet]
        assert own[1:] == sorted(own[1:])


def test_sentences_far_less_likely_than_the_best_are_left_out(knowledge: Knowledge) -> None:
    found = case_of("Pourquoi lancer une plateforme de participation ?", knowledge).found
    chosen = choose_proofs(found, 4)
    assert 1 <= len(chosen) <= 4
    assert chosen[0] is found[0]
    assert all(each.chance >= 0.35 * found[0].chance for each in chosen)
    assert max(len(own) for own in group_by_sheet(choose_proofs(found, 50))) <= 6
    assert max(len(own) for own in group_by_sheet(choose_proofs(found, 50, of_a_sheet=1))) == 1


def test_what_a_sheet_says_twice_is_taken_once(knowledge: Knowledge) -> None:
    found = case_of("Pourquoi lancer une plateforme de participation ?", knowledge).found
    twice = [found[0], Finding(found[0].hit, found[0].sentence, found[0].chance), *found[1:]]
    assert [each.sentence for each in choose_proofs(twice, 4)] == [each.sentence for each in choose_proofs(found, 4)]


def test_no_sentence_of_a_sheet_that_a_bound_leaves_out_is_told(knowledge: Knowledge) -> None:
    given = ask("Quelles leçons tirer des démarches de petites communes ?", knowledge)
    coded = {sheet.id for sheet in knowledge.index.practices if "PV" in sheet.porteur}
    assert given.shown
    assert set(given.shown) <= coded


def test_a_bound_is_told_unmet_by_itself_and_the_year_of_a_fact_is_none(knowledge: Knowledge) -> None:
    voters = ask("Combien de personnes ont voté dans le Gers en 2018 ?", knowledge)
    assert voters.shown == ("1",)
    assert "à ce critère" not in voters.answer  # the sheet is of the Gers, and tells of 2018 in that of 2019
    far = ask("Quelles leçons tirer des marches exploratoires en Bretagne en 2020 ?", knowledge)
    assert {"23", "54", "56", "75", "80", "91"} & set(far.shown) or "à ce critère : lieu" in far.answer


def test_a_list_since_a_year_says_how_many_and_by_which_years(knowledge: Knowledge) -> None:
    given = ask("Des démarches en Bretagne depuis 2018 ?", knowledge)
    assert given.form == "list"
    assert re.match(r"\*\*\d+ fiches?\*\* sur 101, d'après ces critères : .*années 2018 à 20\d\d", given.answer)


def read_value(written: str) -> float:
    figure = next(iter(find_figures(f"Il y a eu {written} en tout.")))
    return figure.low


def figures_of(given: Answer, index: Index) -> list[Figure]:
    roles = {passage.id: passage.role for passage in index.passages}
    return [each for cited in given.citations for each in find_figures(cited.quote, roles[cited.passage])]


def test_a_range_goes_from_the_least_to_the_greatest_each_with_whose_it_is(knowledge: Knowledge) -> None:
    given = ask("Combien coûte une plateforme numérique ?", knowledge)
    assert given.kind == "figures"
    told = RANGE.search(given.answer.split("\n")[0])
    assert told
    least, whose, mark, most, other, last = told.groups()
    assert read_value(least) < read_value(most)
    cited = {citation.n: citation for citation in given.citations}
    for written, name, number in ((least, whose, mark), (most, other, last)):
        citation = cited[int(number)]
        sheet = knowledge.index.find_sheet(citation.sheet)
        assert sheet
        assert sheet.organisation == name
        assert written in citation.quote
    amounts = [figure for figure in figures_of(given, knowledge.index) if figure.measured == "cost"]
    assert any(figure.low == read_value(least) for figure in amounts)
    check_told(given, knowledge.index)


def test_figures_that_do_not_count_the_same_have_no_range(knowledge: Knowledge) -> None:
    given = ask("Combien de votants dans les budgets participatifs ?", knowledge)
    first = given.answer.split("\n")[0]
    assert given.kind == "figures"
    assert not RANGE.search(first)
    assert mixed("fr") in first
    english = ask("How many people vote in participatory budgets?", knowledge)
    assert mixed("en") in english.answer.split("\n")[0]


def test_both_ends_of_a_range_measure_the_same_in_the_same_unit(knowledge: Knowledge) -> None:
    for question in ("Combien coûte une plateforme numérique ?",):
        given = ask(question, knowledge)
        told = RANGE.search(given.answer.split("\n")[0])
        assert told
        cited = {citation.n: citation.quote for citation in given.citations}
        ends = []
        for written, mark in ((told[1], told[3]), (told[4], told[6])):
            figures = [each for each in find_figures(cited[int(mark)]) if each.written == written]
            ends.append({(each.measured, each.unit, each.per) for each in figures})
        assert ends[0] & ends[1]


def test_figures_pass_on_what_wants_another_form(knowledge: Knowledge) -> None:
    passed = FIGURES.draft(case_of("Pourquoi lancer une plateforme de participation ?", knowledge))
    assert re.fullmatch(r"elle demande plutôt des raisons \(0,\d\d\)", getattr(passed, "reason", ""))


@pytest.mark.parametrize("question", ["Lille", "Quels budgets participatifs ?", "Que fait RTE ?"])
def test_what_asks_for_nothing_of_its_own_gets_examples(question: str, knowledge: Knowledge) -> None:
    assert case_of(question, knowledge).wants == "examples"
    assert ask(question, knowledge).kind == "examples"


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        pytest.param(
            "Il est doté de 250 000 € par an pour 8 200 habitants.",
            [("cost", 250_000, 250_000, "€", "an"), ("inhabitants", 8200, 8200, "", "")],
            id="cost-and-inhabitants",
        ),
        pytest.param(
            "Plus de 300 à 500 personnes ont participé à 12 réunions pendant 6 mois.",
            [("participants", 300, 500, "", ""), ("meetings", 12, 12, "", ""), ("duration", 6, 6, "mois", "")],
            id="a-range-and-a-duration",
        ),
        pytest.param(
            "Les jeunes de 11 à 25 ans ont voté le 28 et 29 juin 2018.", [("age", 11, 25, "ans", "")], id="age-no-date"
        ),
        pytest.param(
            "47 000 votants, soit 30 % des inscrits, pour 5 euros par habitant.",
            [("voters", 47_000, 47_000, "", ""), ("share", 30, 30, "%", ""), ("cost", 5, 5, "€", "habitant")],
            id="voters-share-per-head",
        ),
        pytest.param("Ce budget est doté d’1 million d’euros.", [("cost", 1e6, 1e6, "€", "")], id="a-million"),
        pytest.param("Étape 3 : l'article 12 de la loi de 2015.", [], id="labels-and-years"),
    ],
)
def test_what_each_figure_of_a_sentence_measures_is_read(
    sentence: str, told: list[tuple[str, float, float, str, str]]
) -> None:
    found = find_figures(sentence)
    assert [(each.measured, each.low, each.high, each.unit, each.per) for each in found] == told
    assert all(sentence[each.start : each.end].strip() == each.written for each in found)


def test_inhabitants_of_the_section_on_the_organisation_are_its_own() -> None:
    assert find_figures("Elle compte 800 habitants.", "organisation")[0].measured == "inhabitants"
    assert find_figures("Nous avons reçu 800 habitants.", "steps")[0].measured == "participants"


def test_the_figures_of_all_sheets_are_listed_with_their_sentences(own_index: Index, own_members_index: Index) -> None:
    for index in (own_index, own_members_index):
        passages = {passage.id: passage for passage in index.passages}
        told = list_figures(index)
        assert told
        for each in told:
            passage = passages[each.passage]
            assert each.sentence in passage.text
            assert each.sentence[each.figure.start : each.figure.end].strip() == each.figure.written
            assert (each.sheet, each.access) == (passage.sheet, passage.access)
    assert {each.access for each in list_figures(own_index)} == {"public"}
