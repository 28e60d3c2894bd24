"""Index builder: sheets and members' documents become a new version; what did not change is taken from the current."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial, reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from index.manifest import FORMAT, FacetLabels, Manifest
from index.opened import Index
from index.passage_index import PassageIndex
from index.passages import indexed_text
from index.sheet_index import SheetIndex
from index.signals.questions import QuestionKeys
from index.version_folder import new_version_name, write_documents, write_version
from index.vocabulary import Vocabulary, read_vocabulary
from ingest.layout import Layout
from ingest.passage import Passage, split_document, split_sheet
from ingest.questions import SheetQuestion, choose_keys
from ingest.reading import Reading
from ingest.refusal import Refusal
from ingest.sheet import Access, Facet, Frozen, Sheet

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder, Progress

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
    parts, passages = previous.parts if previous else (), split_reading(reading)
    known = {text for part in parts[:1] for text in part.texts}  # visitors' part: see `_known_to`
    new = sum(indexed_text(passage) not in known for passage in passages["public"])
    known |= {text for part in parts[1:] for text in part.texts}
    return new + sum(indexed_text(passage) not in known for passage in passages["members"])


def split_questions(reading: Reading) -> dict[Access, tuple[SheetQuestion, ...]]:
    """The questions that sheets are found by, by who may know of them; visitors' depend on no other."""
    hidden = {sheet.id for sheet in reading.sheets if sheet.access == "members"}
    public = [each for each in reading.questions if each.access == "public" and each.sheet not in hidden]
    others = [each for each in reading.questions if each.access == "members" or each.sheet in hidden]
    others = [each.model_copy(update={"access": "members"}) for each in others]
    chosen = choose_keys([*public, *others])
    return {"public": choose_keys(public), "members": tuple(each for each in chosen if each.access == "members")}


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
    for access, questions in split_questions(reading).items():
        for question in questions:
            digest.update(question.model_dump_json().encode())
        for layout in reading.layouts_for(access):
            digest.update(layout.model_dump_json(include={"facets", "programmes", "starters"}).encode())
        digest.update(f"{access} {_staff_vocabulary(reading, access).model_dump_json()}".encode())
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
    visible = _make_manifest(reading, encoder, passages, probe)
    manifest = _complete(visible, reading, source, passages, asked)
    with write_version(index_dir, manifest, visible) as folder:
        embedded = _write_parts(folder, reading, passages, encoder, progress, previous)
        write_documents(folder, reading.documents)
        if progress:
            progress("writing", 0, 1)
    return Built(version=manifest.version, passages=_count_passages(passages, embedded))


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
    reading: Reading, encoder: Encoder, passages: dict[Access, list[Passage]], probe: np.ndarray
) -> Manifest:
    """What visitors' part of a version holds: nothing in it comes from what only members may read."""
    return Manifest(
        version=new_version_name(),
        created=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        model=encoder.name,
        dimension=encoder.dimension,
        practices=sum(sheet.access == "public" for sheet in reading.practices),
        pages=sum(sheet.access == "public" for sheet in reading.pages),
        passages={"public": len(passages["public"])},
        probe=tuple(round(float(value), 5) for value in probe),
        **_read_words(reading, "public"),
    )


def _complete(
    public: Manifest, reading: Reading, source: str, passages: dict[Access, list[Passage]], asked: tuple[str, ...]
) -> Manifest:
    """What the whole version holds, members' part included, and where it comes from."""
    whole = {
        "source": source,
        "asked": asked,
        "layout": ", ".join(layout.name for layout in reading.layouts_for("members")),
        "practices": len(reading.practices),
        "pages": len(reading.pages),
        "passages": {access: len(each) for access, each in passages.items()},
        "fingerprint": fingerprint(reading, public.model),
        "rejected": len(reading.rejected),
    }
    return public.model_copy(update={**whole, **_read_words(reading, "members")})


def _read_words(reading: Reading, access: Access) -> dict[str, Any]:
    """The words that act on what readers of this access ask, by the manifest's names; visitors' win over the others."""
    layouts = reading.layouts_for(access)
    ordered = [*layouts[len(reading.layouts) :], *reading.layouts]
    programmes = {code: each for layout in ordered for code, each in layout.programmes.labels.items()}
    return {
        "facets": join_facets(layouts),
        "programmes": {code: programme.label for code, programme in programmes.items()},
        "programme_words": {code: programme.words for code, programme in programmes.items()},
        "starters": tuple(starter for layout in layouts for starter in layout.starters),
        "vocabulary": _staff_vocabulary(reading, access),
    }


def _staff_vocabulary(reading: Reading, access: Access) -> Vocabulary:
    """What staff wrote beside the sheets that these readers may see, or raise VocabularyWrong."""
    return reduce(Vocabulary.join, map(read_vocabulary, reading.vocabulary_for(access)), Vocabulary())


def _known_to(access: Access, previous: Index | None) -> Index | None:
    """The earlier version as a new part for these readers may take it over: visitors' from visitors' alone.

    What the model gives for a text is rounded otherwise beside other texts: taken from the members' part, it would say
    that the text stood there.
    """
    if previous is None or access == "members":
        return previous
    questions = [part for part in previous.question_parts if part.questions[0].access == "public"]
    return replace(
        previous,
        access="public",
        sheet_parts=previous.sheet_parts[:1],
        parts=previous.parts[:1],
        question_parts=tuple(questions),
    )


def _write_parts(
    folder: Path,
    reading: Reading,
    passages: dict[Access, list[Passage]],
    encoder: Encoder,
    progress: StepProgress | None,
    previous: Index | None,
) -> int:
    """Write visitors' part and the members'; how many passages went through the model."""
    questions, visitors = split_questions(reading), _known_to("public", previous)
    parts: tuple[tuple[Access, Index | None], ...] = (("public", visitors), ("members", previous))
    for access, known in parts:
        sheets = [sheet for sheet in reading.sheets if sheet.access == access]
        _write_sheets(folder / access, sheets, encoder, progress, known)
        _write_questions(folder / access, questions[access], reading, encoder, progress, known)
    public = _write_passages(folder / "public", passages["public"], encoder, progress, visitors)
    if not passages["members"]:
        return public.embedded
    members = _write_passages(folder / "members", passages["members"], encoder, progress, previous, public)
    return public.embedded + members.embedded


def _count_passages(passages: dict[Access, list[Passage]], embedded: int) -> PassageCounts:
    public, members = len(passages["public"]), len(passages["members"])
    total = public + members
    return PassageCounts(total=total, embedded=embedded, reused=total - embedded, public=public, members=members)


def _write_sheets(
    folder: Path, sheets: Sequence[Sheet], encoder: Encoder, progress: StepProgress | None, previous: Index | None
) -> None:
    if sheets:
        count = _count(progress, "sheets")
        SheetIndex.build(sheets, encoder, count, previous.sheet_parts if previous else ()).save(folder / "sheets")


def _write_questions(
    folder: Path,
    questions: Sequence[SheetQuestion],
    reading: Reading,
    encoder: Encoder,
    progress: StepProgress | None,
    previous: Index | None,
) -> None:
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
    known = previous.parts if previous else ()
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as aside:
        index = PassageIndex.build(passages, encoder, Path(aside), statistics, count, known, codec)
        index.save(folder / "passages")
    return index


def _count(progress: StepProgress | None, step: Step) -> Progress | None:
    return partial(progress, step) if progress else None
