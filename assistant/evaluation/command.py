"""The command `evaluate`: read a judged set, ask it, compare with the last time, keep, show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from assistant.assembly.knowledge import assemble, prepare_data_dir
from assistant.evaluation.corpus import open_corpus
from assistant.evaluation.evaluate import evaluate
from assistant.evaluation.judged import JudgedSet
from assistant.evaluation.judged_set import read_set
from assistant.evaluation.misses import explain_misses
from assistant.evaluation.record import compare, keep_evaluation, read_last
from assistant.evaluation.report import show_evaluation, write_report
from assistant.pipeline import Knowledge
from assistant.reindexing.progress import Watch
from assistant.settings import Settings
from ingest.sheet import Access


def run_evaluation(
    folder: Path,
    settings: Settings,
    access: Access,
    *,
    limit: int | None = None,
    report: Path | None = None,
    console: Console | None = None,
) -> dict[str, Any]:
    """Evaluate and show on a console if there is one; the evaluation and its comparison, as JSON has them.

    Raises SetWrong and the errors of the index and of the model.
    """
    judged = read_set(folder, limit)
    knowledge = open_knowledge(judged, settings, access, console)
    with Progress(console=Console(stderr=True), transient=True, disable=console is None) as bar:
        task = bar.add_task("Questions", total=judged.count)
        evaluation = evaluate(judged, knowledge, lambda: bar.advance(task))
    last = read_last(evaluation, settings.data_dir)
    comparison = compare(last, evaluation) if last else None
    keep_evaluation(evaluation, settings.data_dir)
    if console:
        show_evaluation(evaluation, comparison, console)
    if report:
        report.write_text(write_report(evaluation, comparison, explain_misses(judged, knowledge)), encoding="utf-8")
    return {
        **evaluation.model_dump(mode="json"),
        "comparison": comparison.model_dump(mode="json") if comparison else None,
    }


def open_knowledge(judged: JudgedSet, settings: Settings, access: Access, console: Console | None) -> Knowledge:
    """The index in service, or that of the set's own corpus."""
    if not judged.corpus:
        return assemble(settings, access)
    prepare_data_dir(settings)
    with Watch(Console(stderr=True) if console else None) as watch:
        return open_corpus(judged, settings, watch.embed)
