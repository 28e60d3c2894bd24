"""The corpus of a judged set that brings its own: indexed once with the same code, kept, opened again."""

from pathlib import Path

from assistant.assembly.knowledge import open_settings_encoder
from assistant.evaluation.judged import JudgedSet
from assistant.pipeline import Knowledge
from assistant.settings import Settings
from index.build import StepProgress, build_index, fingerprint, is_made_by
from index.encoding.encoder import Encoder
from index.manifest import IndexCorrupt, IndexMissing, IndexStale
from index.opened import Index
from index.storage.folder_store import FolderStore
from ingest.reading import Reading


def open_corpus(judged: JudgedSet, settings: Settings, progress: StepProgress | None = None) -> Knowledge:
    """What answers are made from when a set's own corpus takes the place of the sheets in service."""
    encoder = open_settings_encoder(settings)
    return Knowledge(_open_index(judged, settings.data_dir, encoder, progress), encoder, settings.contact)


def _open_index(judged: JudgedSet, data_dir: Path, encoder: Encoder, progress: StepProgress | None) -> Index:
    reading = Reading(sheets=list(judged.corpus))
    store = FolderStore(data_dir / "cache" / "evaluations" / fingerprint(reading, encoder.name)[:16])
    try:
        previous = store.open(encoder.name, "public")
    except (IndexMissing, IndexCorrupt, IndexStale):
        previous = None
    if previous and is_made_by(previous.manifest, encoder):
        return previous
    built = build_index(reading, judged.name, encoder, store.index_dir, progress, previous)
    store.promote(built.version)
    store.clean(keep=1)
    return store.open(encoder.name, "public")
