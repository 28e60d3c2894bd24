"""Findings: of the sentences of many sheets, those that tell what is asked come first; on the real sheets."""

import pytest

from assistant.finding.findings import Finding, find_sentences, read_features, read_model
from assistant.finding.search import Sources, search
from assistant.reading.read import read_question
from assistant.reading.wanted import read_wanted
from index.aspects.aspects import ASPECTS
from index.encoding.encoder import Encoder
from index.opened import Index
from index.ranking.retrieval import Hit

_HITS = 60


def look(question: str, index: Index, encoder: Encoder) -> tuple[list[Finding], list[Hit]]:
    reading = read_question(question, (), index)
    hits = search(reading, Sources(index, encoder, ""), None, _HITS)
    return find_sentences(reading, read_wanted(reading, encoder), hits, index), hits


@pytest.mark.parametrize(
    ("question", "telling", "close"),
    [
        pytest.param(
            "Pourquoi lancer une plateforme de participation ?",
            "le numérique est apparu comme un moyen évident",
            "Cap Collectif a été sollicité pour la création de la plateforme",
            id="why",
        ),
        pytest.param(
            "Quelles leçons tirer du budget participatif ?",
            "Une démarche reproductible qui s’inscrit dans une stratégie globale",
            "Une commission citoyenne, chargée du règlement du budget participatif",
            id="lessons",
        ),
        pytest.param(
            "Combien a coûté la plateforme de participation ?",
            "le coût de la plateforme est estimé entre 10 000 et 50 000 euros",
            "La plateforme jeparticipe.toulouse.fr a été déployée par Myopencity",
            id="cost",
        ),
        pytest.param(
            "Quelles difficultés pour mobiliser les habitants ?",
            "SNCF Réseau s’est heurtée à des difficultés pour impliquer la population",
            "Une démarche volontariste et inclusive vers des ménages fragiles",
            id="difficulties",
        ),
        pytest.param(
            "Who took part in the citizen jury?",
            "Recrutement de 19 citoyens par tirage au sort",
            "3150 participants au budget participatif sur un corps électoral",
            id="who-in-english",
        ),
        pytest.param(
            "Quels effets a eu le budget participatif ?",
            "le Budget participatif a mobilisé plus de 11 000 participants",
            "Après 7 ans de travail collectif, il a semblé nécessaire",
            id="effects",
        ),
    ],
)
def test_what_tells_what_is_asked_comes_before_what_is_only_on_the_subject(
    question: str, telling: str, close: str, real_index: Index, encoder: Encoder
) -> None:
    found, _ = look(question, real_index, encoder)
    rows = [next(row for row, each in enumerate(found) if words in each.sentence.text) for words in (telling, close)]
    assert rows[0] < rows[1]
    assert rows[0] < 10
    assert found[rows[0]].chance > found[rows[1]].chance


def test_every_sentence_of_the_hits_is_there_once_the_likeliest_first(real_index: Index, encoder: Encoder) -> None:
    found, hits = look("Pourquoi créer un conseil citoyen ?", real_index, encoder)
    chances = [each.chance for each in found]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)
    every = [(sentence.passage.id, sentence.row) for hit in hits for sentence in hit.sentences]
    assert sorted((each.sentence.passage.id, each.sentence.row) for each in found) == sorted(every)
    assert all(each.sentence in each.hit.sentences for each in found[:20])


def test_no_hit_has_no_sentence(real_index: Index, encoder: Encoder) -> None:
    reading = read_question("Pourquoi ?", (), real_index)
    assert find_sentences(reading, read_wanted(reading, encoder), [], real_index) == []


def test_the_model_weighs_the_features_that_are_read_and_no_other(real_index: Index, encoder: Encoder) -> None:
    reading = read_question("Combien a coûté la plateforme ?", (), real_index)
    hits = search(reading, Sources(real_index, encoder, ""), None, 5)
    features = read_features(reading, read_wanted(reading, encoder), hits, real_index)
    assert set(features) == set(read_model().coefficients)
    assert {len(values) for values in features.values()} == {sum(len(hit.sentences) for hit in hits)}
    assert features["figure"].max() > 0
    assert {f"tells {aspect}" for aspect in ASPECTS} <= set(features)
