"""Questions as a search key: they help to find their sheet, and nothing ever shows them as the sheet's words."""

import asyncio
import csv
import json
import shutil
from pathlib import Path

import pytest
from conftest import SHEETS

from assistant.exports.shapes import hit_to_json, sheet_to_json, summary_to_json
from assistant.pipeline import Knowledge, answer
from index.build import build_index, fingerprint
from index.encoding.encoder import Encoder
from index.opened import Index
from index.ranking.retrieval import retrieve
from index.signals.questions import QuestionKeys
from index.storage.folder_store import FolderStore
from ingest.layout import Layout
from ingest.questions import QUESTION_FILE, SheetQuestion
from ingest.reading import Reading
from ingest.source import read_source

KEY = "À qui se plaindre des odeurs de la zone d'en face ?"
ASKED = "À qui nous plaindre des odeurs d'en face ?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight of the own sheets, without their questions."""
    folder = tmp_path_factory.mktemp("few") / "sheets"
    shutil.copytree(SHEETS, folder, ignore=shutil.ignore_patterns("*.yaml", "*.pdf"))
    table = folder / "csv" / "fiches.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows[:8])
    return folder


@pytest.fixture(scope="module")
def plain(folder: Path, layout: Layout) -> Reading:
    return read_source(str(folder), layout)


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("versions")


@pytest.fixture(scope="module")
def before(plain: Reading, index_dir: Path, encoder: Encoder) -> Index:
    """The index without any question."""
    version = build_index(plain, "few", encoder, index_dir).version
    return FolderStore(index_dir).open(encoder.name, "members", version)


def with_questions(
    questions: list[SheetQuestion], plain: Reading, index_dir: Path, encoder: Encoder, before: Index
) -> str:
    """The name of the version of the same sheets with these questions; nothing else goes through the model."""
    reading = Reading(sheets=plain.sheets, layouts=plain.layouts, questions=questions)
    built = build_index(reading, "few", encoder, index_dir, previous=before)
    assert built.passages.embedded == 0
    return built.version


@pytest.fixture(scope="module")
def shipped(folder: Path, layout: Layout, plain: Reading, index_dir: Path, encoder: Encoder, before: Index) -> Index:
    """The index with the questions that come with these sheets."""
    shutil.copy(SHEETS / QUESTION_FILE, folder / QUESTION_FILE)
    questions = read_source(str(folder), layout).questions
    version = with_questions(questions, plain, index_dir, encoder, before)
    return FolderStore(index_dir).open(encoder.name, "members", version)


def found(question: str, index: Index, encoder: Encoder) -> list[str]:
    return [hit.sheet.id for hit in retrieve(question, index, encoder)]


def test_a_question_that_staff_write_makes_its_sheet_first(
    plain: Reading, index_dir: Path, encoder: Encoder, before: Index
) -> None:
    target = found(ASKED, before, encoder)[-1]
    key = SheetQuestion(sheet=target, text=KEY)
    version = with_questions([key], plain, index_dir, encoder, before)
    after = FolderStore(index_dir).open(encoder.name, "public", version)
    assert found(ASKED, after, encoder)[0] == target


def test_a_question_about_something_else_changes_nothing_and_punishes_nobody(
    encoder: Encoder, before: Index, shipped: Index
) -> None:
    rows = {sheet.id: row for row, sheet in enumerate(shipped.sheets)}
    encoded = encoder.encode_question("Quelle est la recette de la tarte aux pommes ?")
    scores = shipped.question_parts[0].score(encoded, rows)
    assert scores.shape == (len(shipped.sheets),)
    assert scores.min() >= 0
    alone = QuestionKeys.build([SheetQuestion(sheet="3", text=KEY)], ["Un titre", "Un autre"], encoder)
    assert [sheet for sheet, row in rows.items() if alone.score(encoder.encode_question(KEY), rows)[row]] == ["3"]
    assert before.question_parts == ()


def test_questions_that_stay_are_not_embedded_again(encoder: Encoder, shipped: Index) -> None:
    (part,) = shipped.question_parts
    more = [*part.questions, SheetQuestion(sheet="1", text=KEY)]
    again = QuestionKeys.build(more, ["Un titre", "Un autre"], encoder, previous=[part])
    assert (part.embedded, again.embedded) == (0, 1)  # the part was read from the disk


def test_questions_that_members_alone_may_know_are_not_in_the_public_index(
    plain: Reading, index_dir: Path, encoder: Encoder, before: Index
) -> None:
    key = SheetQuestion(sheet="3", text=KEY, access="members")
    version = with_questions([key], plain, index_dir, encoder, before)
    assert FolderStore(index_dir).open(encoder.name, "public", version).question_parts == ()
    (part,) = FolderStore(index_dir).open(encoder.name, "members", version).question_parts
    assert part.questions == (key,)
    public = [path for path in (index_dir / version / "public").rglob("*") if path.is_file()]
    assert not [path for path in public if KEY.encode() in path.read_bytes()]


def test_another_question_makes_another_version(plain: Reading) -> None:
    asked = Reading(sheets=plain.sheets, layouts=plain.layouts, questions=[SheetQuestion(sheet="1", text=KEY)])
    refused = Reading(
        sheets=plain.sheets,
        layouts=plain.layouts,
        questions=[SheetQuestion(sheet="1", text=KEY, origin="model", state="rejected")],
    )
    assert len({fingerprint(reading, "model") for reading in (plain, asked, refused)}) == 2


def test_no_question_is_ever_shown_as_if_the_sheet_said_it(encoder: Encoder, shipped: Index) -> None:
    (part,) = shipped.question_parts
    texts = [question.text for question in part.questions]
    shown = [json.dumps(sheet_to_json(sheet, shipped), ensure_ascii=False) for sheet in shipped.sheets]
    shown += [json.dumps(summary_to_json(sheet), ensure_ascii=False) for sheet in shipped.practices]
    shown += [passage.text for each in shipped.parts for passage in each.passages]
    for text in texts[::4]:
        hits = retrieve(text, shipped, encoder)
        shown += [json.dumps(hit_to_json(hit), ensure_ascii=False) for hit in hits]
        shown += [sentence.text for hit in hits for sentence in hit.sentences]
        given = asyncio.run(answer(text, Knowledge(shipped, encoder, "contact@exemple.fr")))
        shown.append(given.answer)
        shown += [citation.model_dump_json() for citation in given.citations]
    assert len(texts) >= 20
    assert not [text for text in texts if any(text in each for each in shown)]
