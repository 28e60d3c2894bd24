"""Gate: a new version is compared with the one in service before it takes its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.french.numbers import percent
from assistant.reindexing.runs import SheetCounts
from index.manifest import Manifest
from index.measuring.golden import GoldenQuestion, GoldenResult, ask_golden, read_golden
from index.opened import Index
from index.storage.version_store import VersionStore
from ingest.sheet import Sheet
from ingest.source import GOLDEN

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder

# What a day's work on the sheets may bring; more is a truncated file, a moved column or a wrong folder.
_LEAST_SHEETS = 0.8  # of those in service
_MOST_REJECTED = 0.1  # of the rows
_MOST_RECALL_LOST = 0.05
_PART_IS_USUAL = 0.2  # of the sheets have it
_MOST_PART_LOST = 0.5  # of the sheets that had it


def collect_golden(files: list[Path]) -> list[GoldenQuestion]:
    """The golden questions of every file, or raise GoldenWrong."""
    return [question for file in files for question in read_golden(file)]


def ask_version(
    manifest: Manifest, store: VersionStore, chosen: Path | None, open_encoder: Callable[[], Encoder]
) -> GoldenResult:
    """What a version does today with the golden questions: those of a file, or those that lie with its sources.

    The model is opened only if there are any. Raises GoldenWrong, and the errors of the index and of the model.
    """
    folders = [Path(address).expanduser() for address in manifest.source.split(", ")]
    files = [chosen] if chosen else [folder / GOLDEN for folder in folders if (folder / GOLDEN).is_file()]
    questions = collect_golden(files)
    if not questions:
        return GoldenResult()
    index = store.open(manifest.model, "members", manifest.version)
    return ask_golden(questions, index, open_encoder())


def judge_sheets(counts: SheetCounts, rejected: int, before: int, rejected_before: int) -> list[str]:
    """Why these sheets must not replace the `before` ones in service, in French; nothing when they may."""
    reasons = []
    if counts.total < _LEAST_SHEETS * before:
        reasons.append(
            f"Il n'y aurait plus que {counts.total} fiches au lieu de {before} "
            f"({counts.removed} retirées). Le tableau est-il complet, le dossier est-il le bon ?"
        )
    if rejected > rejected_before and rejected > _MOST_REJECTED * (counts.total + rejected) and before:
        reasons.append(
            f"{rejected} lignes ou fichiers sont écartés ({rejected_before} dans la version en service). "
            "Corrigez-les, la liste est plus bas."
        )
    return reasons


def judge_parts(before: Sequence[Sheet], now: Sequence[Sheet]) -> list[str]:
    """Which parts would vanish from the sheets kept, in French: a renamed column empties one everywhere."""
    kept = {sheet.id for sheet in before} & {sheet.id for sheet in now}
    old = _count_parts(sheet for sheet in before if sheet.id in kept)
    new = _count_parts(sheet for sheet in now if sheet.id in kept)
    return [
        f"La partie « {part} » disparaîtrait de {count - new[part]} fiches sur {len(kept)}. "
        "Une colonne a-t-elle été renommée ou vidée ?"
        for part, count in old.items()
        if count >= _PART_IS_USUAL * len(kept) and new[part] < (1 - _MOST_PART_LOST) * count
    ]


def _count_parts(sheets: Iterable[Sheet]) -> Counter[str]:
    """How many sheets have each part, by the name that staff know it by."""
    counts: Counter[str] = Counter()
    for sheet in sheets:
        fields = {"Porteur": sheet.organisation, "Type de porteur": sheet.porteur, "Type de démarche": sheet.demarche}
        fields |= {"Thématique": sheet.thematique, "Programme": sheet.source, "Lieu": sheet.place.departement}
        counts.update([name for name, value in fields.items() if value])
        counts.update({section.key: section.title for section in sheet.sections}.values())
    return counts


def judge_recall(
    questions: list[GoldenQuestion], new: Index, current: Index | None, encoder: Encoder
) -> tuple[GoldenResult, list[str]]:
    """What the new version does with the golden questions, and why it must not be served, in French."""
    elsewhere = frozenset(sheet.id for sheet in current.sheets) if current else frozenset()
    result = ask_golden(questions, new, encoder, elsewhere)
    if current is None or result.recall is None:
        return result, []
    same_model = current.manifest.model == new.manifest.model
    before = ask_golden(questions, current, encoder).recall if same_model else current.manifest.recall
    if before is None or result.recall >= before - _MOST_RECALL_LOST:
        return result, []
    missed = " ; ".join(f"« {each.question} » (fiches {', '.join(each.sheets)})" for each in result.missed[:5])
    return result, [
        f"Les questions témoins trouvent {percent(result.recall)} des fiches attendues au lieu de {percent(before)}. "
        f"Manquent : {missed}."
    ]
