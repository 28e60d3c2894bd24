"""Index builder: sheets and members' documents become a new version; what did not change is taken from the current."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from functools import partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from index.passage_index import PassageIndex
from index.passages import indexed_text
from index.questions import QuestionKeys
from index.sheet_index import SheetIndex
from index.versions import (
    FORMAT,
    FacetLabels,
    Index,
    Manifest,
    new_version_name,
    write_documents,
    write_version,
)
from index.vocabulary import Vocabulary, read_vocabulary
from ingest.layout import Layout
from ingest.passage import Passage, split_document, split_sheet
from ingest.questions import choose_keys
from ingest.refusal import Refusal
from ingest.sheet import Access, Facet, Frozen, Sheet
from ingest.source import Reading

if TYPE_CHECKING:
    from index.encoder import Encoder, Progress

Step = Literal["sheets", "questions", "public", "members", "writing"]
StepProgress = Callable[[Step, int, int], None]  # step, texts done, texts in all

_PROBE = "Une commune rurale associe ses habitants à la rénovation de la place du village."
_SAME_MODEL = 0.9999  # cosine of the probe's vectors


class NothingPublic(Refusal):
    """Every sheet is the members': there would be nothing to show to visitors."""


class PassageCounts(Frozen):
    """Passages in the new version; `embedded` ones went through the model, `reused` ones came from before."""

    total: int
    embedded: int
    reused: int
    public: int
    members: int


class Built(Frozen):
    """A version that was written, and what it holds. It is not current yet."""

    version: str
    passages: PassageCounts


def split_reading(reading: Reading) -> dict[Access, list[Passage]]:
    """The passages of all that was read, by who may read them."""
    by_id = {sheet.id: sheet for sheet in reading.sheets}
    passages = [passage for sheet in reading.sheets for passage in split_sheet(sheet)]
    passages += [
        passage for document in reading.documents for passage in split_document(document, by_id[document.sheet])
    ]
    public = [passage for passage in passages if passage.access == "public"]
    return {"public": public, "members": [passage for passage in passages if passage.access == "members"]}


def count_new(reading: Reading, previous: Index | None) -> int:
    """How many passages the model would have to read, if it is the `previous` version's."""
    known = {text for part in previous.parts for text in part.texts} if previous else set()
    return sum(indexed_text(passage) not in known for each in split_reading(reading).values() for passage in each)


def fingerprint(reading: Reading, model: str) -> str:
    """What stands for everything a version is made from: the same fingerprint, the same version.

    Raises VocabularyWrong.
    """
    digest = hashlib.sha256(f"{FORMAT} {model}".encode())
    for sheet in reading.sheets:
        digest.update(sheet.model_dump_json().encode())
    for passages in split_reading(reading).values():
        for passage in passages:
            digest.update(passage.model_dump_json().encode())
    for question in choose_keys(reading.questions):
        digest.update(question.model_dump_json().encode())
    for layout in reading.layouts:
        digest.update(layout.model_dump_json(include={"facets", "programmes"}).encode())
    digest.update(_staff_vocabulary(reading).model_dump_json().encode())
    return digest.hexdigest()


def build_index(
    reading: Reading,
    source: str,
    encoder: Encoder,
    index_dir: Path,
    progress: StepProgress | None = None,
    previous: Index | None = None,
    asked: tuple[str, ...] = (),
) -> Built:
    """Embed what is new since the `previous` version, and write a version; `promote` makes it current.

    The versions that were there stay. `asked` is kept in the manifest. Raises NothingPublic, VocabularyWrong or
    VersionUnwritable.
    """
    passages = split_reading(reading)
    if not passages["public"]:
        raise NothingPublic("Toutes les fiches sont réservées aux adhérents : il en faut au moins une publique.")
    probe = encoder.encode_question(_PROBE).vector
    previous = previous if previous and _is_same_model(previous.manifest, encoder.name, probe) else None
    manifest = _make_manifest(reading, source, encoder, passages, probe).model_copy(update={"asked": asked})
    embedded = 0
    with write_version(index_dir, manifest) as folder:
        for access in ("public", "members"):
            sheets = [sheet for sheet in reading.sheets if sheet.access == access]
            _write_sheets(folder / access, sheets, encoder, progress, previous)
            _write_questions(folder / access, access, reading, encoder, progress, previous)
        public = _write_passages(folder / "public", passages["public"], encoder, progress, previous)
        embedded += public.embedded
        if passages["members"]:
            members = _write_passages(folder / "members", passages["members"], encoder, progress, previous, public)
            embedded += members.embedded
        write_documents(folder, reading.documents)
        if progress:
            progress("writing", 0, 1)
    total = sum(map(len, passages.values()))
    counts = PassageCounts(
        total=total,
        embedded=embedded,
        reused=total - embedded,
        public=len(passages["public"]),
        members=len(passages["members"]),
    )
    return Built(version=manifest.version, passages=counts)


def is_made_by(manifest: Manifest, encoder: Encoder) -> bool:
    """Whether the vectors of a version are those that this encoder would give."""
    return _is_same_model(manifest, encoder.name, encoder.encode_question(_PROBE).vector)


def _is_same_model(manifest: Manifest, name: str, probe: np.ndarray) -> bool:
    """Whether the vectors of a version are this model's: it answers to the same name with the same vector."""
    before = np.array(manifest.probe)
    if manifest.model != name or before.shape != probe.shape:
        return False
    return bool(before @ probe >= _SAME_MODEL * np.linalg.norm(before) * np.linalg.norm(probe))


def join_facets(layouts: Sequence[Layout]) -> dict[Facet, FacetLabels]:
    """The facets of several layouts; where two describe the same code, the first one's words stay."""
    facets: dict[Facet, FacetLabels] = {}
    for layout in layouts:
        for name, facet in layout.facets.items():
            known = facets.get(name, FacetLabels(title=facet.title, labels={}))
            facets[name] = FacetLabels(
                title=known.title,
                labels={**facet.labels, **known.labels},
                words={**facet.words, **known.words},
                population={**facet.population, **known.population},
            )
    return facets


def _make_manifest(
    reading: Reading, source: str, encoder: Encoder, passages: dict[Access, list[Passage]], probe: np.ndarray
) -> Manifest:
    programmes = {code: each for layout in reading.layouts for code, each in layout.programmes.labels.items()}
    return Manifest(
        version=new_version_name(),
        created=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        source=source,
        layout=", ".join(layout.name for layout in reading.layouts),
        model=encoder.name,
        dimension=encoder.dimension,
        practices=len(reading.practices),
        pages=len(reading.pages),
        passages={access: len(each) for access, each in passages.items()},
        fingerprint=fingerprint(reading, encoder.name),
        probe=tuple(round(float(value), 5) for value in probe),
        rejected=len(reading.rejected),
        facets=join_facets(reading.layouts),
        programmes={code: programme.label for code, programme in programmes.items()},
        programme_words={code: programme.words for code, programme in programmes.items()},
        vocabulary=_staff_vocabulary(reading),
    )


def _staff_vocabulary(reading: Reading) -> Vocabulary:
    """What staff wrote beside their sheets, or raise VocabularyWrong."""
    return reduce(Vocabulary.join, map(read_vocabulary, reading.vocabulary), Vocabulary())


def _write_sheets(
    folder: Path, sheets: Sequence[Sheet], encoder: Encoder, progress: StepProgress | None, previous: Index | None
) -> None:
    if sheets:
        count = _count(progress, "sheets")
        SheetIndex.build(sheets, encoder, count, previous.sheet_parts if previous else ()).save(folder / "sheets")


def _write_questions(
    folder: Path,
    access: Access,
    reading: Reading,
    encoder: Encoder,
    progress: StepProgress | None,
    previous: Index | None,
) -> None:
    questions = [question for question in choose_keys(reading.questions) if question.access == access]
    if questions:
        titles = [sheet.title for sheet in reading.sheets if sheet.access == "public"]
        known = previous.question_parts if previous else ()
        count = _count(progress, "questions")
        QuestionKeys.build(questions, titles, encoder, count, known).save(folder / "questions")


def _write_passages(
    folder: Path,
    passages: Sequence[Passage],
    encoder: Encoder,
    progress: StepProgress | None,
    previous: Index | None,
    larger: PassageIndex | None = None,
) -> PassageIndex:
    count = _count(progress, "members" if larger else "public")
    statistics, codec = (larger.statistics, larger.codec) if larger else (None, None)
    index = PassageIndex.build(passages, encoder, statistics, count, previous.parts if previous else (), codec)
    index.save(folder / "passages")
    return index


def _count(progress: StepProgress | None, step: Step) -> Progress | None:
    return partial(progress, step) if progress else None
