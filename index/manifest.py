"""Manifest: what a version of the index holds and was made from, as its readers may know it, and what can be wrong."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from index.vocabulary import Vocabulary
from ingest.layout import Starter
from ingest.refusal import Refusal
from ingest.sheet import Access, Facet, Frozen

FORMAT = 5  # raised when the files change their meaning
FIRST_TOKENS = 5  # the format from which on spans say at which token a sentence starts
# Formats before, still read. In 3 one manifest told visitors' part and the members' together.
_ONE_MANIFEST, _TWO_MANIFESTS = 3, 4


class IndexMissing(Refusal):
    """There is no index yet in the data directory, or no version of that name."""


class IndexCorrupt(Refusal):
    """A file of the index is absent, changed or unreadable."""


class IndexStale(Refusal):
    """The index was made by another model or in another format than this program's."""


class IndexUnreachable(Refusal):
    """The database that keeps the index does not answer, or refuses what is asked."""


class VersionUnwritable(Refusal):
    """A new version could not be written: no room left, or no right to write."""


class FacetLabels(Frozen):
    """A facet as people see it: its title and the label of each code.

    `words` are what people say for a code, `population` the size of the towns it is for.
    """

    title: str
    labels: dict[str, str]
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    population: dict[str, tuple[int, int]] = Field(default_factory=dict)


class Manifest(Frozen):
    """What a version holds that its reader may know of, and the SHA-256 of each of these files.

    Two are kept of a version. Visitors' one tells of the public part alone, and says nothing of what it was made from:
    sheets, labels, words and files that are the members' own are in the whole one. `fingerprint` stands for all that
    the version was made from; `probe` is the model's vector for a fixed sentence: a model that gives another is another
    model, whatever its name. `recall` is the share of the staff's golden questions that the version answered, None when
    there were none. `asked` are the addresses that whoever reindexed gave, none when they were those of the settings.
    """

    format: int = FORMAT
    version: str
    created: str  # ISO 8601, UTC
    source: str = ""
    asked: tuple[str, ...] = ()
    layout: str = ""
    model: str
    dimension: int
    practices: int
    pages: int
    passages: dict[Access, int]
    fingerprint: str = ""
    probe: tuple[float, ...] = ()
    recall: float | None = None
    golden: str = ""  # stands for the questions that gave this recall
    rejected: int = 0
    facets: dict[Facet, FacetLabels] = Field(default_factory=dict)
    programmes: dict[str, str] = Field(default_factory=dict)
    programme_words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    starters: tuple[Starter, ...] = ()  # first questions to offer
    vocabulary: Vocabulary = Vocabulary()  # the staff's own, beside the one that comes with the project
    files: dict[str, str] = Field(default_factory=dict)


def readable_by(access: Access) -> tuple[Access, ...]:
    """What readers of this access may read: members also what the public may."""
    return ("public", "members") if access == "members" else ("public",)


def check_model(manifest: Manifest, model: str) -> None:
    """Raise IndexStale if another model made the vectors of a version."""
    if manifest.model != model:
        raise IndexStale(
            f"L'index {manifest.version} a été fait avec le modèle {manifest.model!r}, les réglages demandent "
            f"{model!r}. Lancez : assistant reindex"
        )


def is_in_two(content: dict[str, Any]) -> bool:
    """Whether visitors' manifest of a version, written so, is not the whole one."""
    return content.get("format") in (FORMAT, _TWO_MANIFESTS)


def make_manifest(content: dict[str, Any], version: str, access: Access) -> Manifest:
    """The manifest that was written so, for readers of this access; raises IndexStale, ValueError or AttributeError."""
    if content.get("format") not in (FORMAT, _TWO_MANIFESTS, _ONE_MANIFEST):
        raise IndexStale(f"L'index {version} est d'un autre format. Lancez : assistant reindex")
    manifest = Manifest.model_validate(content)
    return _hide_members(manifest) if access == "public" and not is_in_two(content) else manifest


def _hide_members(manifest: Manifest) -> Manifest:
    """What visitors may know of a version that one manifest tells of, or raise IndexStale.

    Where some sheets are the members' own, the words of their sources cannot be told from the others any more.
    """
    if any(name.startswith("members/sheets/") for name in manifest.files):
        raise IndexStale(
            f"L'index {manifest.version} a été fait quand les mots des sources réservées aux adhérents servaient aussi "
            "aux visiteurs. Lancez : assistant reindex"
        )
    return Manifest(
        **manifest.model_dump(
            include={"format", "version", "created", "model", "dimension", "practices", "pages", "probe"}
        ),
        passages={"public": manifest.passages.get("public", 0)},
        facets=manifest.facets,
        programmes=manifest.programmes,
        programme_words=manifest.programme_words,
        vocabulary=manifest.vocabulary,
        files={name: digest for name, digest in manifest.files.items() if name.startswith("public/")},
    )
