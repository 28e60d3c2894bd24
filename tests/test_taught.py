"""What labelled questions teach: on the real sheets, a sentence that answered questions like this one comes earlier."""

from dataclasses import replace

import numpy as np
import pytest

from assistant.answers.kinds.kind import Case
from assistant.finding.findings import Finding, find_sentences
from assistant.finding.search import Sources, search
from assistant.finding.taught import MODEL, Question, digest, read_asked, read_taught, recall
from assistant.reading.read import read_question
from assistant.reading.wanted import read_wanted
from index.encoding.encoder import Encoder
from index.opened import Index

_HITS = 60
_ASKED = "Aux réunions il n'y a que des retraités : comment faire venir d'autres gens ?"


def look(question: str, index: Index, encoder: Encoder) -> tuple[list[Finding], Question]:
    """What is found before anything taught is added, and the question as it is compared."""
    reading = read_question(question, (), index)
    hits = search(reading, Sources(index, encoder, ""), None, _HITS)
    found = find_sentences(reading, read_wanted(reading, encoder), hits, index)
    return found, read_asked(reading, encoder)


def place(found: list[Finding], passage: str) -> int:
    return next(row for row, each in enumerate(found) if each.sentence.passage.id == passage)


def test_what_answered_questions_like_this_one_comes_earlier(real_index: Index, encoder: Encoder) -> None:
    before, asked = look(_ASKED, real_index, encoder)
    after = recall(before, asked)
    assert sorted(each.sentence.text for each in after) == sorted(each.sentence.text for each in before)
    chances = [each.chance for each in after]
    assert chances == sorted(chances, reverse=True)
    signs = read_taught().memory.read_signs(asked)
    rows = read_taught().rows
    best = max(before, key=lambda each: signs["told root"][rows[_digest(each)]])
    assert after.index(next(each for each in after if each.sentence is best.sentence)) < before.index(best) or (
        before.index(best) == 0
    )


def _digest(found: Finding) -> int:
    return digest(found.sentence.passage.heading, found.sentence.text)


def test_an_answer_is_made_from_what_was_taught(real_index: Index, encoder: Encoder) -> None:
    question = "Comment faire venir des jeunes aux réunions publiques ?"
    reading = read_question(question, (), real_index)
    sources = Sources(real_index, encoder, "")
    hits = search(reading, sources, None, _HITS)
    case = Case(reading, hits[:5], sources, further=hits[5:])
    before, asked = look(question, real_index, encoder)
    taught = recall(before, asked)
    assert [each.sentence.text for each in case.found][:5] == [each.sentence.text for each in taught][:5]
    assert [each.sentence.text for each in before][:10] != [each.sentence.text for each in taught][:10]


def test_of_a_sentence_that_was_changed_nothing_is_said(real_index: Index, encoder: Encoder) -> None:
    before, asked = look(_ASKED, real_index, encoder)
    changed = replace(before[0], sentence=replace(before[0].sentence, text=before[0].sentence.text + " Enfin."))
    after = recall([changed, *before[1:]], asked)
    told = next(each for each in after if each.sentence.text.endswith(" Enfin."))
    assert told.chance == pytest.approx(changed.chance, abs=1e-5)


def test_on_other_sheets_what_was_found_stays_as_it_was(own_index: Index, encoder: Encoder) -> None:
    before, asked = look(_ASKED, own_index, encoder)
    after = recall(before, asked)
    assert [each.sentence.text for each in after] == [each.sentence.text for each in before]
    assert [each.chance for each in after] == pytest.approx([each.chance for each in before], abs=1e-5)


def test_nothing_is_said_of_the_vectors_of_another_model(real_index: Index, encoder: Encoder) -> None:
    before, asked = look(_ASKED, real_index, encoder)
    assert recall(before, replace(asked, model="another-model")) == before


def test_the_file_holds_no_word_of_a_sheet() -> None:
    with np.load(MODEL) as file:
        words = [name for name in file.files if file[name].dtype.kind in "US"]
        assert set(words) == {"encoder", "names", "quantities", "wordings"}
        assert file["digests"].dtype == np.uint64


def test_a_question_on_an_amount_teaches_nothing_of_one_on_a_share(real_index: Index, encoder: Encoder) -> None:
    before, asked = look("Quel taux de participation pour un budget participatif ?", real_index, encoder)
    assert asked.quantity == "share"
    memory = replace(asked, quantity="amount")
    share = next(each for each in before if each.sentence.text.startswith("33%"))

    def chance(question: Question) -> float:
        return next(each.chance for each in recall(before, question) if each.sentence is share.sentence)

    assert chance(asked) > chance(memory)
