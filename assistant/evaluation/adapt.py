"""Adapt: staff retrain the default model on their own sheets; what is learnt is kept only if nothing got worse."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from assistant.assembly.knowledge import open_settings_encoder, prepare_data_dir
from assistant.reindexing.gate import collect_golden
from assistant.reindexing.progress import Watch
from assistant.reindexing.reindex import settings_sources
from assistant.settings import Settings
from index.measuring.golden import GoldenQuestion, ask_golden
from ingest.refusal import Refusal
from ingest.sheet import Frozen, Sheet
from ingest.source import read_sources

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder
    from index.training.pairs import Pair
    from index.training.tuning import Plan

# What staff read of each figure.
FIGURES = {"dense": "sens", "late": "mot à mot", "whole": "recherche", "golden": "questions témoins"}
_FILE = "adapters/fiches.safetensors"
_KEPT_APART = 20  # % of the sheets, to judge what was learnt
_LEAST_PAIRS = 40
_LEAST_GAIN = 0.003  # of the mean figure: less is chance
_MOST_LOST = 0.002  # of any figure: what rounding does


class AdaptImpossible(Refusal):
    """There is nothing to adapt, or nothing to learn from; the message says why, in French."""


class AdaptRefused(Refusal):
    """What was learnt does not help; it is thrown away and nothing changed. Carries the figures."""

    def __init__(self, report: AdaptReport, reason: str) -> None:
        super().__init__(f"Adaptation refusée, rien n’a changé : {reason}")
        self.report = report


class Figures(Frozen):
    """How well the right sheet comes first: nDCG@10 by signal on sheets kept apart, recall of golden questions."""

    dense: float
    late: float
    whole: float
    golden: float | None = None


class AdaptReport(Frozen):
    """What was learnt from, how it did before and after, and the file that was kept, "" when none was."""

    sheets: int
    pairs: int
    before: Figures
    after: Figures
    adapter: str = ""


def adapt(settings: Settings, watch: Watch, addresses: Sequence[str] = (), plan: Plan | None = None) -> AdaptReport:
    """Train on the sheets of these sources, judge on those kept apart, write the adapter into the data directory.

    Golden questions are for judging only. Raises AdaptImpossible, AdaptRefused, and the errors of the parts.
    """
    from index.encoding.adapter import BASE, find_adapter, write_adapter  # noqa: PLC0415 - with torch, takes seconds
    from index.encoding.encoder import open_encoder  # noqa: PLC0415
    from index.training.pairs import pair_structure  # noqa: PLC0415

    try:
        from index.training.tuning import Plan, tune_bundled  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise AdaptImpossible(
            f"Apprendre demande {error.name!r}, qui n’est pas installé. Lancez : make models"
        ) from error
    if settings.embedding_model != BASE:
        raise AdaptImpossible(f"Seul le modèle {BASE!r} s’adapte, les réglages demandent {settings.embedding_model!r}.")
    prepare_data_dir(settings)
    reading = read_sources(settings_sources(settings, addresses), settings.sources_dir, None, watch.step)
    golden = collect_golden([settings.golden] if settings.golden else reading.golden)
    sheets = reading.practices
    pairs = pair_structure(sheet for sheet in sheets if not _is_kept_apart(sheet))
    apart = pair_structure(sheet for sheet in sheets if _is_kept_apart(sheet))
    if len(pairs) < _LEAST_PAIRS or not apart:
        raise AdaptImpossible(f"{len(sheets)} fiches, c’est trop peu pour apprendre. L’adaptateur livré reste le bon.")
    plan, start = plan or Plan(), find_adapter(BASE, settings.adapter)
    watch.step("Mesure avant")
    before = _measure(sheets, apart, golden, open_settings_encoder(settings))
    watch.step(f"Apprentissage sur {len(pairs)} couples, plusieurs minutes")
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as aside:
        learnt = Path(aside) / Path(_FILE).name
        write_adapter(learnt, tune_bundled(settings.models_dir, [pairs], plan, start=start), sources="assistant adapt")
        watch.step("Mesure après")
        after = _measure(sheets, apart, golden, open_encoder(BASE, Path(aside), str(learnt)))
        report = AdaptReport(sheets=len(sheets), pairs=len(pairs), before=before, after=after)
        return keep_adapter(learnt, settings.data_dir / _FILE, report)


def keep_adapter(learnt: Path, kept: Path, report: AdaptReport) -> AdaptReport:
    """Put a file that was learnt in its place if its figures allow it, or raise AdaptRefused."""
    if reason := judge_figures(report.before, report.after):
        raise AdaptRefused(report, reason)
    kept.parent.mkdir(parents=True, exist_ok=True)
    learnt.replace(kept)
    return report.model_copy(update={"adapter": str(kept)})


def judge_figures(before: Figures, after: Figures) -> str:
    """Why what was learnt must not be kept, in French; "" when it may."""
    old, new = before.model_dump(), after.model_dump()
    known = [name for name in FIGURES if old[name] is not None and new[name] is not None]
    lost = [
        f"{FIGURES[name]} ({old[name]:.3f} → {new[name]:.3f})" for name in known if new[name] < old[name] - _MOST_LOST
    ]
    if lost:
        return f"moins bon : {', '.join(lost)}."
    if sum(new[name] - old[name] for name in known) < _LEAST_GAIN * len(known):
        return "rien n’y est gagné."
    return ""


def _is_kept_apart(sheet: Sheet) -> bool:
    """Decided by the sheet's id, so that a sheet that was for judging stays so."""
    return int(hashlib.sha256(sheet.id.encode()).hexdigest(), 16) % 100 < _KEPT_APART


def _measure(
    sheets: Sequence[Sheet], apart: Sequence[Pair], golden: Sequence[GoldenQuestion], encoder: Encoder
) -> Figures:
    """Lines of the sheets kept apart must find them by their other text; golden questions, by all of it."""
    from assistant.evaluation.ranking import Judged, index_sheets, rank_judged  # noqa: PLC0415
    from index.training.pairs import strip_sheet  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        bare = [stripped for stripped in map(strip_sheet, sheets) if stripped.sections]
        asked = [Judged(pair.question, {pair.sheet: 1}) for pair in apart]
        ranking = rank_judged(index_sheets(bare, encoder, Path(folder) / "bare"), encoder, asked)
        recall = None
        if golden:
            recall = ask_golden(list(golden), index_sheets(sheets, encoder, Path(folder) / "whole"), encoder).recall
    return Figures(dense=ranking.dense, late=ranking.late, whole=ranking.whole, golden=recall)


def show_adapted(report: AdaptReport, console: Console) -> None:
    """What an adaptation gained, and how to use it."""
    console.print(f"[bold]Adaptateur gardé[/bold] : {escape(report.adapter)}")
    console.print(
        f"Appris de {report.pairs} couples, sur {report.sheets} fiches. Avant → après, sur les fiches à part :"
    )
    before, after = report.before.model_dump(), report.after.model_dump()
    for name, label in FIGURES.items():
        if before[name] is not None:
            console.print(f"  {label} : {before[name]:.3f} → {after[name]:.3f}")
    console.print(
        f"Pour l’utiliser, dans .env : ASSISTANT_ADAPTER={report.adapter}\nPuis : assistant reindex", markup=False
    )
