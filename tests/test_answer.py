"""Answers without a language model, over the 101 real sheets."""

import asyncio
import re

import pytest

from assistant.answers.answer import Answer, Delta
from assistant.pipeline import Knowledge, answer, stream_answer
from assistant.wording import escape, link_site, read_plain
from index.encoding.encoder import Encoder
from index.filters import Filters
from index.opened import Index

MARK = re.compile(r"(?<!\\)\[(\d+)\]")


def ask(question: str, knowledge: Knowledge, filters: Filters | None = None) -> Answer:
    return asyncio.run(answer(question, knowledge, filters))


def check_proofs(given: Answer, index: Index) -> None:
    """Marks and citations correspond, and each quote is verbatim in a passage that the reader may see."""
    passages = {passage.id: passage for part in index.parts for passage in part.passages}
    assert {int(mark) for mark in MARK.findall(given.answer)} == {citation.n for citation in given.citations}
    assert [citation.n for citation in given.citations] == list(range(1, len(given.citations) + 1))
    for citation in given.citations:
        assert citation.quote in passages[citation.passage].text
        assert citation.access == passages[citation.passage].access


def test_a_method_does_not_mix_kinds_of_demarche_while_one_tells_enough(
    knowledge: Knowledge, real_index: Index
) -> None:
    given = ask("on est 3 000 habitants, comment faire participer les jeunes au budget ?", knowledge)
    assert given.kind == "method"
    cited = {sheet.id: set(sheet.demarche) for each in given.citations if (sheet := real_index.find_sheet(each.sheet))}
    assert len(cited) >= 2
    assert set.intersection(*cited.values())


def test_a_fact_is_given_by_its_sentence_with_the_figure_in_bold(knowledge: Knowledge) -> None:
    given = ask("Combien de personnes ont voté au budget participatif du Gers en 2019 ?", knowledge)
    assert (given.kind, given.mode, given.abstained, given.sheets[0]) == ("fact", "extractive", False, "1")
    assert "**47000**" in given.answer
    assert "Budget Participatif Gersois" in given.answer
    assert {citation.sheet for citation in given.citations} == {"1"}
    check_proofs(given, knowledge.index)


def test_examples_have_title_organisation_place_year_prize_and_quotes(knowledge: Knowledge) -> None:
    given = ask("on est 3 000 habitants, qui a fait participer les jeunes au budget ?", knowledge)
    assert (given.kind, given.abstained) == ("examples", False)
    assert "**Budget participatif - Spécial Jeunes** – Mairie de Bailleul, Bailleul (Nord)" in given.answer
    assert "Trophées de la participation et de la concertation 2018, lauréat, 3 étoiles" in given.answer
    assert 2 <= len({citation.sheet for citation in given.citations}) <= 5  # never padded
    check_proofs(given, knowledge.index)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("C'est quoi les Trophées ?", "récompense chaque année les actions de concertation"),
        ("Comment avoir accès aux fiches descriptives ?", "réservées aux adhérents"),
        ("Qu'est-ce que le Baromètre de la démocratie locale numérique ?", "mesurer les pratiques"),
        ("Qui êtes-vous ?", "think tank Décider ensemble depuis 2005"),
        ("Les Rencontres nationales de la participation, c'est quoi ?", "rendez-vous annuel des professionnels"),
        ("D'où viennent les exemples de ce centre de ressources ?", "lauréats des Trophées"),
    ],
)
def test_questions_about_the_centre_are_answered_from_its_page(question: str, words: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert (given.kind, given.citations[0].sheet) == ("centre", "decider-ensemble-intro")
    assert words in given.answer
    check_proofs(given, knowledge.index)


@pytest.mark.parametrize(
    "question",
    [
        "Quelle est la recette de la tarte aux pommes ?",
        "Quels sont les effets secondaires de l'ibuprofène ?",
        "Combien a coûté la camionnette de la tournée Tok-Tok à Coutances ?",
    ],
)
def test_what_no_sheet_answers_is_said_plainly(question: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert (given.kind, given.abstained) == ("nothing", True)
    assert given.answer.startswith("Aucune fiche")
    assert given.answer.count("Ce qu'elle dit de plus proche") == len(given.citations) <= 1
    assert "contact@exemple.fr" in given.answer


def test_filters_that_accept_nothing_give_no_answer(knowledge: Knowledge) -> None:
    given = ask("budget participatif", knowledge, Filters(thematique=("SAN",), annee=(2016,)))
    assert (given.abstained, given.sheets) == (True, ())
    assert given.filters == {"demarche": ["BP"], "thematique": ["SAN"], "annee": [2016]}


@pytest.mark.parametrize("question", ["Bonjour", "merci beaucoup !", "Hello", "Salut, ça va ?"])
def test_a_greeting_is_answered_without_search(question: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert (given.kind, given.abstained, given.sheets, given.citations) == ("small_talk", False, (), ())


def test_a_greeting_before_a_question_does_not_hide_the_question(knowledge: Knowledge) -> None:
    assert ask("Bonjour, je cherche des budgets participatifs", knowledge).kind == "examples"


def test_pieces_come_first_and_the_whole_answer_last(knowledge: Knowledge) -> None:
    async def collect() -> list[Delta | Answer]:
        return [event async for event in stream_answer("Combien de votants dans le Gers ?", knowledge)]

    *pieces, last = asyncio.run(collect())
    assert isinstance(last, Answer)
    assert "".join(piece.text for piece in pieces if isinstance(piece, Delta)) == last.answer


def test_no_path_shows_a_visitor_a_members_passage(
    own_index: Index, own_members_index: Index, encoder: Encoder
) -> None:
    secret = next(passage for passage in own_members_index.parts[1].passages if "trois critères" in passage.text)
    visitors = Knowledge(own_index, encoder, "contact@exemple.fr")
    given = ask("Selon quels critères choisir les lieux d'arrêt de la camionnette Tok-Tok ?", visitors)
    assert {citation.access for citation in given.citations} <= {"public"}
    assert secret.text[:80] not in given.model_dump_json()


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "[clic](javascript:alert(1))",
        "![x](https://evil.example/p.png)",
        "# Titre",
        "- a",
        "`x`",
        "voir https://evil.example/a_b?c=1, ou www.evil.example.",
        "<https://evil.example>",
        "de 18:30 à :alerte[x]",
    ],
)
def test_text_of_a_sheet_stands_in_markdown_as_it_is(text: str) -> None:
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark", {"html": True}).render(escape(text))
    assert not re.search(r"<(?!/?(?:p|code)>)", html), html
    assert not re.search(r"https?://|www\.", re.sub(r"<code>.*?</code>", "", html)), html  # chats make links of these
    assert re.sub(r"</?(?:p|code)>|\n", "", html).replace("&lt;", "<").replace("&gt;", ">") == text
    assert read_plain(escape(text)) == text


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://www.gers.fr/budget_participatif", "https://www.gers.fr/budget\\_participatif"),
        ("javascript:alert(1)", "javascript\\:alert(1)"),
        ("https://a.example/](javascript:x)", "`https://a.example/](javascript:x`)"),
    ],
)
def test_a_sheets_own_site_may_be_a_link_and_nothing_else(address: str, shown: str) -> None:
    assert link_site(address) == shown
