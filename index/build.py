"""Index builder: sheets and members' documents become a new current version, with an account of what changed."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from index.encoder import Encoder, Progress
from index.lexical import Lexical
from index.passage_index import PassageIndex
from index.vectors import Vectors
from index.versions import FacetLabels, Manifest, new_version_name, promote, read_sheets, write_version
from ingest.layout import Layout
from ingest.passage import split_document, split_sheet
from ingest.sheet import Frozen, Sheet
from ingest.source import Reading

Step = Literal["sheets", "public", "members", "writing"]
StepProgress = Callable[[Step, int, int], None]  # step, texts done, texts in all

# The vector of a sheet reads its beginning: title, key points and presentation say what it is about.
_ABOUT = ("retenir", "presentation")


class SheetCounts(Frozen):
    """Practices in the new version, against the version before."""

    total: int
    added: int
    changed: int
    removed: int
    unchanged: int


class PassageCounts(Frozen):
    """Passages in the new version; `embedded` ones went through the model."""

    total: int
    embedded: int
    reused: int
    public: int
    members: int


class Built(Frozen):
    """A version that was made, and what it holds."""

    version: str
    sheets: SheetCounts
    pages: int
    passages: PassageCounts
    seconds: dict[str, float]


def build_index(
    reading: Reading,
    layout: Layout,
    source: str,
    encoder: Encoder,
    index_dir: Path,
    progress: StepProgress | None = None,
) -> Built:
    """Embed and write a new version from what a source held, and make it current.

    The versions that were there stay; an error on the way leaves the current one as it was.
    """
    start = time.perf_counter()
    previous = read_sheets(index_dir)
    by_id = {sheet.id: sheet for sheet in reading.sheets}
    public = [passage for sheet in reading.sheets for passage in split_sheet(sheet)]
    members = [passage for document in reading.documents for passage in split_document(document, by_id[document.sheet])]
    manifest = Manifest(
        version=new_version_name(),
        created=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        source=source,
        layout=layout.name,
        model=encoder.name,
        dimension=encoder.dimension,
        practices=len(reading.practices),
        pages=len(reading.pages),
        passages={"public": len(public), "members": len(members)},
        facets={name: FacetLabels(title=facet.title, labels=facet.labels) for name, facet in layout.facets.items()},
        programmes={code: programme.label for code, programme in layout.programmes.labels.items()},
    )
    with write_version(index_dir, manifest) as folder:
        _write_sheets(folder, reading.sheets, encoder, progress)
        public_index = PassageIndex.build(public, encoder, None, _count(progress, "public", len(public)))
        public_index.save(folder / "public")
        if members:
            count = _count(progress, "members", len(members))
            PassageIndex.build(members, encoder, public_index.statistics, count).save(folder / "members")
        if progress:
            progress("writing", 0, 1)
    promote(index_dir, manifest.version)
    return Built(
        version=manifest.version,
        sheets=_compare(reading.practices, [sheet for sheet in previous.values() if sheet.kind == "practice"]),
        pages=len(reading.pages),
        passages=PassageCounts(
            total=len(public) + len(members),
            embedded=len(public) + len(members),
            reused=0,
            public=len(public),
            members=len(members),
        ),
        seconds={"index": round(time.perf_counter() - start, 3)},
    )


def _write_sheets(folder: Path, sheets: Sequence[Sheet], encoder: Encoder, progress: StepProgress | None) -> None:
    (folder / "sheets.jsonl").write_text("".join(sheet.model_dump_json() + "\n" for sheet in sheets), encoding="utf-8")
    (folder / "sheets").mkdir()
    abouts = [_about(sheet) for sheet in sheets]
    encoded = dict(encoder.encode_passages(abouts, _count(progress, "sheets", len(abouts))))
    Vectors.build(np.stack([encoded[row].vector for row in range(len(sheets))])).save(folder / "sheets")
    Lexical.build([_whole_text(sheet) for sheet in sheets]).save(folder / "sheets")


def _count(progress: StepProgress | None, step: Step, total: int) -> Progress | None:
    return partial(_report, progress, step, total) if progress else None


def _report(progress: StepProgress, step: Step, total: int, done: int) -> None:
    progress(step, done, total)


def _about(sheet: Sheet) -> str:
    heading = " – ".join(part for part in (sheet.title, sheet.organisation) if part)
    sections = [section for section in sheet.sections if section.key in _ABOUT] or sheet.sections
    return "\n".join([heading, *(block.text for section in sections for block in section.blocks)])


def _whole_text(sheet: Sheet) -> str:
    blocks = [f"{block.label} {block.text}" for section in sheet.sections for block in section.blocks]
    return "\n".join([sheet.title, sheet.organisation, sheet.place.commune, *blocks])


def _compare(sheets: Sequence[Sheet], previous: Sequence[Sheet]) -> SheetCounts:
    before = {sheet.id: sheet for sheet in previous}
    now = {sheet.id: sheet for sheet in sheets}
    kept = now.keys() & before.keys()
    unchanged = sum(now[key] == before[key] for key in kept)
    return SheetCounts(
        total=len(now),
        added=len(now) - len(kept),
        changed=len(kept) - unchanged,
        removed=len(before) - len(kept),
        unchanged=unchanged,
    )
