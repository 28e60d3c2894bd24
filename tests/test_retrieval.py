"""Search over the project's own sheets."""

import pytest

from assistant.evaluation.ranking import Judged, rank_judged
from assistant.finding.search import find_hits
from assistant.pipeline import Knowledge
from assistant.reading.read import read_question
from index.encoding.encoder import Encoder
from index.filters import Filters
from index.measuring.measure import Ranked, measure_ranking
from index.opened import Index
from index.ranking.retrieval import Hit, retrieve


@pytest.fixture
def knowledge(own_index: Index, encoder: Encoder) -> Knowledge:
    return Knowledge(own_index, encoder, "contact@exemple.fr")


def ids(hits: list[Hit]) -> list[str]:
    return [hit.sheet.id for hit in hits]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param("radis, la monnaie locale", "12", id="rare-word"),
        pytest.param("audit des comptes par des habitants tirés au sort", "2", id="meaning"),
        pytest.param("buget participatif du gers", "1", id="typo"),
        pytest.param("DEMOCRATIE A SAILLANS", "10", id="capitals-without-accents"),
        pytest.param("users watching over the city's drinking water company", "22", id="english"),
    ],
)
def test_the_sheet_sought_comes_first(question: str, expected: str, own_index: Index, encoder: Encoder) -> None:
    assert ids(retrieve(question, own_index, encoder))[0] == expected


def test_each_sheet_comes_once_with_its_own_best_passage(own_index: Index, encoder: Encoder) -> None:
    hits = retrieve("budget participatif", own_index, encoder, k=20)
    assert len(set(ids(hits))) == 20
    assert all(hit.passage.sheet == hit.sheet.id for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_hit_has_every_sentence_of_its_sheet_verbatim(own_index: Index, encoder: Encoder) -> None:
    hit = retrieve("Combien de votants dans le Gers ?", own_index, encoder)[0]
    assert all(sentence.text in sentence.passage.text for sentence in hit.sentences)
    assert "Aucun département n'avait tenté" in " ".join(sentence.text for sentence in hit.sentences)


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_a_blank_question_finds_nothing(question: str, own_index: Index, encoder: Encoder) -> None:
    assert retrieve(question, own_index, encoder) == []


@pytest.mark.parametrize("question", ["???", "🙂", "a" * 20_000, "zzzz qqqq"])
def test_a_question_without_sense_is_searched_without_harm(question: str, own_index: Index, encoder: Encoder) -> None:
    assert len(retrieve(question, own_index, encoder)) == 10


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({"annee": [2016]}, {"14", "23", "27"}, id="year"),
        pytest.param({"porteur": ["RG"]}, {"15", "16"}, id="organisation"),
        pytest.param({"departement": ["38", "26"]}, {"10", "31", "35"}, id="places"),
        pytest.param({"porteur": ["GV"], "demarche": ["BP"]}, {"13", "14"}, id="two-keys"),
        pytest.param({"thematique": ["XXX"]}, set(), id="nothing"),
    ],
)
def test_filters_set_by_hand_are_strict(
    filters: dict[str, list[str]], expected: set[str], own_index: Index, encoder: Encoder
) -> None:
    hits = retrieve("participation", own_index, encoder, Filters.model_validate(filters), k=101)
    assert set(ids(hits)) == expected


def test_the_centres_page_comes_first_when_it_is_asked_for(knowledge: Knowledge) -> None:
    assert ids(find_hits("C'est quoi les Trophées ?", knowledge))[0] == "centre"
    assert ids(find_hits("Qui êtes-vous ?", knowledge))[0] == "centre"


def test_the_centres_page_is_not_among_practices_when_it_is_not_asked_for(knowledge: Knowledge) -> None:
    assert "centre" not in ids(find_hits("associations lauréates des trophées de 2017", knowledge, k=101))


def test_members_find_what_visitors_do_not(own_index: Index, own_members_index: Index, encoder: Encoder) -> None:
    question = "Selon quels critères choisir les lieux d'arrêt de la camionnette Tok-Tok ?"
    assert all(s.passage.access == "public" for hit in retrieve(question, own_index, encoder) for s in hit.sentences)
    hits = retrieve(question, own_members_index, encoder)
    assert (hits[0].sheet.id, hits[0].passage.access) == ("3", "members")
    assert hits[0].passage.page is not None


def test_what_is_measured_is_searched_as_people_search_typos_mended(knowledge: Knowledge) -> None:
    question = "un buget partissipatif pour les jeunnes"
    index, encoder = knowledge.index, knowledge.encoder
    understood = read_question(question, (), index).understood
    as_written = ids(retrieve(question, index, encoder, understood=understood))
    found = ids(find_hits(question, knowledge))
    moved = next(mended for mended, written in zip(found, as_written, strict=True) if mended != written)
    ranking = rank_judged(index, encoder, [Judged(question, {moved: 2})])
    assert ranking.whole == pytest.approx(measure_ranking([Ranked(tuple(found), {moved: 2})]).ndcg10)
