"""What stands under an answer of the chat, made without a browser from real answers over the project's own sheets."""

import asyncio
import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from conftest import JUDGED

from assistant.answers.answer import Answer
from assistant.catalogue.directory import Directory
from assistant.catalogue.starters import draw_starters
from assistant.chat.card import card_props
from assistant.chat.cards import list_cards
from assistant.chat.counts import count_facets
from assistant.chat.elements import Asking, list_elements
from assistant.chat.filters import offer_filters
from assistant.chat.language import read_language
from assistant.chat.location import Location, read_location
from assistant.chat.suggestions import MOST, suggest
from assistant.chat.talk import Talk
from assistant.pipeline import Knowledge, answer
from index.encoding.encoder import Encoder
from index.filters import Filters
from index.opened import Index
from ingest.layout import Language, Starter, read_layout

CLIMATE = "Des exemples de plan climat"
ENVIRONMENT = "Combien de fiches sur l'environnement ?"
LANGUAGES: tuple[Language, ...] = ("fr", "en")


@pytest.fixture
def knowledge(own_index: Index, encoder: Encoder) -> Knowledge:
    return Knowledge(own_index, encoder, "contact@exemple.fr")


@pytest.fixture
def real(real_index: Index, encoder: Encoder) -> Knowledge:
    """The sheets that the starters are written for."""
    return Knowledge(real_index, encoder, "contact@exemple.fr")


@pytest.fixture
def members(own_members_index: Index, encoder: Encoder) -> Knowledge:
    return Knowledge(own_members_index, encoder, "contact@exemple.fr")


def ask(question: str, knowledge: Knowledge, talk: Talk | None = None, filters: Filters | None = None) -> Answer:
    talk = talk or Talk()
    return asyncio.run(answer(question, knowledge, talk.strict(filters or Filters()), talk.history, talk.ignored))


def test_each_sheet_cited_is_one_card_that_holds_all_its_marks(knowledge: Knowledge) -> None:
    given = ask(CLIMATE, knowledge)
    cards = list_cards(given, knowledge.index)
    assert [card.sheet for card in cards.cards] == list(given.shown)
    assert sorted(cited.n for card in cards.cards for cited in card.cited) == [each.n for each in given.citations]
    first = cards.cards[0]
    assert (first.organisation, first.place, first.year) == ("Grenoble-Alpes Métropole", "Grenoble (Isère)", "2022")
    assert first.path == f"/fiches/{first.sheet}"
    assert not cards.folded
    gers = list_cards(ask("un budget participatif dans le Gers", knowledge), knowledge.index).cards[0]
    assert gers.prize.startswith("Lauréat")


def test_each_card_is_on_the_map_or_counted_as_off_it(knowledge: Knowledge) -> None:
    cards = list_cards(ask(CLIMATE, knowledge), knowledge.index)
    assert sum(len(pin.sheets) for pin in cards.pins) + cards.off_map == len(cards.cards)
    assert "Convention citoyenne métropolitaine pour le climat, Grenoble" in {pin.name for pin in cards.pins}


def test_a_list_is_drawn_whole_on_the_map_and_its_cards_are_folded(knowledge: Knowledge) -> None:
    given = ask("Toutes les fiches du centre", knowledge)
    cards = list_cards(given, knowledge.index)
    assert len(given.listed) == 35
    assert sum(len(pin.sheets) for pin in cards.pins) + cards.off_map == 35
    assert cards.folded
    several = next(pin for pin in cards.pins if len(pin.sheets) > 1)
    assert several.path.startswith("/fiches?commune=")
    assert len(several.titles) == len(several.sheets)


def test_a_page_about_the_centre_has_no_page_of_its_own_and_no_place(knowledge: Knowledge) -> None:
    cards = list_cards(ask("Comment accéder aux fiches descriptives ?", knowledge), knowledge.index)
    assert [card.path for card in cards.cards] == [""]
    assert cards.pins == ()


def test_counts_divide_a_list_and_leave_out_what_is_chosen(knowledge: Knowledge) -> None:
    given = ask("Combien de budgets participatifs ?", knowledge)
    facets = {facet.key: facet.counts for facet in count_facets(given, knowledge.index)}
    assert "demarche" not in facets
    years = Counter(sheet.annee for sheet in map(knowledge.index.find_sheet, given.listed) if sheet)
    assert {count.value: count.count for count in facets["annee"]} == dict(years.most_common(6))
    assert [count.value for count in facets["annee"]] == sorted(years, reverse=True)[: len(facets["annee"])]
    assert count_facets(ask(CLIMATE, knowledge), knowledge.index) == ()


def test_each_count_is_that_of_the_question_asked_again_for_it_alone(knowledge: Knowledge) -> None:
    talk = Talk().ask("m1")
    given = ask(ENVIRONMENT, knowledge, talk)
    talk = talk.after(ENVIRONMENT, given)
    for facet in count_facets(given, knowledge.index):
        for count in facet.counts[:2]:
            narrowed = talk.only(0, facet.key, count.value)
            assert narrowed is not None
            assert len(ask(narrowed.question, knowledge, narrowed).listed) == count.count, (facet.key, count.label)


def test_what_a_question_was_narrowed_to_can_be_removed_again(knowledge: Knowledge) -> None:
    talk = Talk().ask("m1")
    talk = talk.after(ENVIRONMENT, ask(ENVIRONMENT, knowledge, talk))
    narrowed = talk.only(0, "annee", 2019)
    assert narrowed is not None
    again = narrowed.after(ENVIRONMENT, ask(ENVIRONMENT, knowledge, narrowed)).without(0, "annee", 2019)
    assert again is not None
    assert (again.narrowed, again.ignored, again.question) == (Filters(), Filters(), ENVIRONMENT)
    without = again.after(ENVIRONMENT, ask(ENVIRONMENT, knowledge, again)).without(0, "thematique", "ENV")
    assert without is not None
    assert without.ignored == Filters(thematique=("ENV",))


@pytest.mark.parametrize(
    ("turn", "key", "value"),
    [(7, "annee", 2019), (0, "nom", "x"), ("0", "annee", 2019), (0, "annee", {}), (None, 1, 2)],
)
def test_what_the_browser_sends_chooses_only_among_turns_and_filters(
    knowledge: Knowledge, turn: object, key: object, value: object
) -> None:
    talk = Talk().ask("m1")
    talk = talk.after(ENVIRONMENT, ask(ENVIRONMENT, knowledge, talk))
    assert talk.only(turn, key, value) is None
    assert talk.without(turn, key, value) is None


def test_an_edited_question_forgets_the_turns_after_it(knowledge: Knowledge) -> None:
    talk = Talk()
    for message, question in (("a", CLIMATE), ("b", "et dans le Nord ?"), ("c", "Compare les deux premiers")):
        talk = talk.ask(message)
        talk = talk.after(question, ask(question, knowledge, talk))
    stopped = talk.ask("d")  # and never answered
    assert [turn.query for turn in talk.ask("b").history] == [CLIMATE]
    assert len(stopped.ask("e").history) == 3
    assert stopped.ask("e").ask("d").messages == ("a", "b", "c", "d")
    assert talk.ask("a").history == ()


def test_a_resumed_talk_keeps_its_turns_whatever_is_asked_next(knowledge: Knowledge) -> None:
    turn = ask(CLIMATE, knowledge).as_turn(CLIMATE)
    assert Talk.resume((turn,)).ask("new").turns == (turn,)


def test_understood_filters_and_those_of_the_conversation_are_told_apart(knowledge: Knowledge) -> None:
    chosen = Filters(porteur=("DEP",))
    given = ask("un budget participatif en 2019", knowledge, filters=chosen)
    asking = Asking("un budget participatif en 2019", 0, "fr", chosen)
    understood = next(each.props for each in list_elements(given, asking, knowledge.index) if each.name == "Understood")
    assert [filter["key"] for filter in understood["filters"]] == ["demarche", "annee"]
    assert understood["within"] == ["Département"]


def test_elements_stand_in_the_order_in_which_they_are_read(knowledge: Knowledge) -> None:
    given = ask(ENVIRONMENT, knowledge)
    shown = list_elements(given, Asking(ENVIRONMENT, 0, "fr", Filters()), knowledge.index)
    assert [each.name for each in shown] == ["Cards", "Counts", "Understood", "Next"]
    json.dumps([each.props for each in shown])


def test_nothing_reserved_to_members_stands_in_what_is_shown(knowledge: Knowledge) -> None:
    sheet = next(sheet for sheet in knowledge.index.practices if sheet.has_document)
    given = ask(f"Parle-moi de {sheet.title}", knowledge)
    shown = list_elements(given, Asking("x", 0, "fr", Filters()), knowledge.index)
    assert all(citation.access == "public" for citation in given.citations)
    assert '"access": "members"' not in json.dumps([each.props for each in shown])


@pytest.mark.parametrize("language", LANGUAGES)
def test_suggestions_make_sense_for_the_answer(knowledge: Knowledge, members: Knowledge, language: Language) -> None:
    def labels(question: str) -> list[str]:
        return [each.label for each in suggest(ask(question, knowledge), knowledge.index, language)]

    fr = language == "fr"
    examples = labels(CLIMATE)
    assert examples[0] == ("Comparer les deux premiers exemples" if fr else "Compare the first two examples")
    assert len(examples) == MOST
    small = labels("Comment faire participer les jeunes au budget d'une petite commune ?")
    assert ("Dans une ville plus grande" if fr else "In a bigger town") in small
    place = labels("Qu'est-ce qui s'est fait dans les Landes ?")
    assert ("Ailleurs dans la région Nouvelle-Aquitaine" if fr else "Elsewhere in Nouvelle-Aquitaine") in place
    sheet = labels("Parle-moi du budget participatif gersois")
    assert not any("premi" in label or "first" in label for label in sheet)
    assert ("Obtenir la fiche descriptive" if fr else "Get the descriptive sheet") in sheet
    as_member = suggest(ask("Parle-moi du budget participatif gersois", members), members.index, language)
    assert not any("descripti" in suggestion.label for suggestion in as_member)
    nothing = labels("Quelle est la recette de la tarte aux pommes ?")
    assert nothing == (
        ["Ce que contient le centre", "À qui écrire ?"] if fr else ["What the centre holds", "Who to write to?"]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_kind_of_suggestion_leads_to_an_abstention(knowledge: Knowledge, language: Language) -> None:
    lines = (JUDGED / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    asked: Counter[str] = Counter()
    for query in (json.loads(line)["query"] for line in lines):
        given = ask(query, knowledge)
        for suggestion in suggest(given, knowledge.index, language):
            asked[suggestion.label] += 1
            if asked[suggestion.label] > 3:  # of each kind some, so that the test is fast; benchmarks ask all
                continue
            talk = Talk.resume((given.as_turn(query),))
            assert not ask(suggestion.question, knowledge, talk).abstained, (query, suggestion.question)
    assert len(asked) >= 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_starter_is_answered_by_sheets(real: Knowledge, language: Language) -> None:
    pool = [starter.fr if language == "fr" else starter.en for starter in read_layout("decider-ensemble").starters]
    assert len({starter.label for starter in pool}) == len(pool) == 24
    for starter in pool:
        given = ask(starter.question, real)
        assert not given.abstained, starter.question
        assert given.citations, starter.question


def with_starters(index: Index, *starters: Starter) -> Index:
    return replace(index, manifest=index.manifest.model_copy(update={"starters": starters}))


def test_starters_change_every_day_and_come_from_each_need(real_index: Index) -> None:
    index = with_starters(real_index, *read_layout("decider-ensemble").starters)
    monday = date(2026, 11, 23)
    drawn = [draw_starters(monday + timedelta(days=day), "fr", index) for day in range(6)]
    assert len({starter for day in drawn for starter in day}) == 24
    assert all(len(day) == 4 for day in drawn)
    assert draw_starters(monday, "fr", index) == drawn[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_centre_whose_layout_says_no_starters_offers_what_its_own_sheets_answer(
    language: Language, knowledge: Knowledge
) -> None:
    index = with_starters(knowledge.index)
    for day in range(3):
        drawn = draw_starters(date(2026, 11, 23) + timedelta(days=day), language, index)
        assert len(drawn) == 4
        for starter in drawn:
            given = ask(starter.question, knowledge)
            assert not given.abstained, starter.question
            assert given.citations or given.listed, starter.question


def test_the_panel_offers_what_sheets_have_with_their_number(knowledge: Knowledge) -> None:
    offered = {facet.key: facet for facet in offer_filters(Directory(knowledge))}
    assert {"porteur", "demarche", "thematique", "source", "annee", "region"} <= set(offered)
    environment = next(choice for choice in offered["thematique"].choices if choice.value == "ENV")
    assert (environment.label, environment.count) == ("Environnement", 11)
    assert [facet.key for facet in offered.values() if facet.single] == ["source"]


def test_the_address_tells_language_and_filters_and_never_refuses(knowledge: Knowledge) -> None:
    known = Directory(knowledge).known
    address = "https://centre.fr/chat/?porteur=PV&porteur=ZZ&annee=2019&annee=x&lang=en&autre=1"
    assert read_location(address, known) == Location("en", Filters(porteur=("PV",), annee=(2019,)))
    assert read_location("/chat/", known, "en-GB") == Location("en", Filters())
    for broken in (None, 12, "http://[", "?" + "a" * 10_000, {"lang": "en"}):
        assert read_location(broken, known) == Location()


@pytest.mark.parametrize(
    ("wanted", "language"), [(("", "fr-FR"), "fr"), (("en", "fr"), "en"), (("de", "EN-gb"), "en"), ((None, "de"), "fr")]
)
def test_the_address_chooses_the_language_before_the_browser_and_french_is_the_rule(
    wanted: tuple[object, ...], language: Language
) -> None:
    assert read_language(*wanted) == language


def test_the_steps_of_a_sheet_are_a_timeline_and_its_quote_is_marked(knowledge: Knowledge) -> None:
    given = ask(CLIMATE, knowledge)
    citation = given.citations[0]
    sheet = knowledge.index.find_sheet(citation.sheet)
    assert sheet is not None
    passage = knowledge.index.find_passage(sheet.id, citation.passage)
    props = card_props(sheet, passage, citation.quote, knowledge.index, "contact@exemple.fr")
    steps = next(section for section in props["sections"] if section["form"] == "timeline")
    assert all(block["label"] for block in steps["blocks"])
    marked = [block["marked"] for section in props["sections"] for block in section["blocks"] if block["marked"]]
    assert len(marked) == 1
    assert marked[0] in citation.quote
