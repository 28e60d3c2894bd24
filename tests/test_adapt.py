"""Staff's adaptation: real training on a few sheets, kept only when nothing got worse."""

import csv
from pathlib import Path

import pytest
from conftest import MODELS, SHEETS, make_data_dir
from rich.console import Console

from assistant.evaluation.adapt import (
    AdaptImpossible,
    AdaptRefused,
    AdaptReport,
    Figures,
    adapt,
    judge_figures,
    keep_adapter,
    show_adapted,
)
from assistant.reindexing.progress import Watch
from assistant.settings import Settings
from index.encoding.encoder import Encoder

BEFORE = Figures(dense=0.60, late=0.70, whole=0.80, golden=0.9)
BETTER = Figures(dense=0.65, late=0.72, whole=0.80, golden=0.9)


@pytest.fixture
def few_sheets(tmp_path: Path) -> Path:
    """The first twelve of the project's own sheets."""
    with (SHEETS / "csv" / "fiches.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=_delimiter()))[:13]
    path = tmp_path / "fiches.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=_delimiter()).writerows(rows)
    return path


def _delimiter() -> str:
    return csv.Sniffer().sniff((SHEETS / "csv" / "fiches.csv").read_text(encoding="utf-8-sig")[:2000]).delimiter


def test_what_was_learnt_for_nothing_is_not_kept(few_sheets: Path, tmp_path: Path, encoder: Encoder) -> None:  # noqa: ARG001 - the model is there
    from index.training.tuning import Plan

    data_dir = tmp_path / "data"
    data_dir.mkdir()
    settings = Settings(data_dir=make_data_dir(data_dir), source=str(few_sheets))
    with pytest.raises(AdaptRefused, match="rien n’a changé : rien n’y est gagné") as refused:
        adapt(settings, Watch(None), plan=Plan(rate=0.0, batch=64, tokens=16))
    assert refused.value.report.pairs >= 40
    assert refused.value.report.after.late == pytest.approx(refused.value.report.before.late, abs=0.002)
    assert not (data_dir / "adapters").exists()
    assert MODELS.is_dir()


def test_a_gain_is_kept_and_staff_are_told_how_to_use_it(tmp_path: Path) -> None:
    learnt = tmp_path / "appris.safetensors"
    learnt.write_bytes(b"x")
    report = AdaptReport(sheets=30, pairs=100, before=BEFORE, after=BETTER)
    report = keep_adapter(learnt, tmp_path / "adapters" / "fiches.safetensors", report)
    assert Path(report.adapter).read_bytes() == b"x"
    console = Console(record=True, width=200)
    show_adapted(report, console)
    said = console.export_text()
    assert f"ASSISTANT_ADAPTER={report.adapter}" in said
    assert "assistant reindex" in said
    assert "0.700 → 0.720" in said


@pytest.mark.parametrize(
    ("after", "says"),
    [
        (BETTER, ""),
        (BEFORE, "rien n’y est gagné."),
        (BETTER.model_copy(update={"golden": 0.8}), "moins bon : questions témoins (0.900 → 0.800)."),
        (BETTER.model_copy(update={"dense": 0.5}), "moins bon : sens (0.600 → 0.500)."),
    ],
    ids=["better", "the-same", "golden-lost", "dense-lost"],
)
def test_figures_decide(after: Figures, says: str) -> None:
    assert judge_figures(BEFORE, after) == says


def test_another_model_cannot_be_adapted(tmp_path: Path) -> None:
    with pytest.raises(AdaptImpossible, match="les réglages demandent 'BAAI/bge-m3'"):
        adapt(Settings(data_dir=tmp_path, embedding_model="BAAI/bge-m3"), Watch(None))


def test_too_few_sheets_teach_nothing(tmp_path: Path) -> None:
    (tmp_path / "une.md").write_text("# Un jury\n\nDes habitants ont débattu.\n", encoding="utf-8")
    with pytest.raises(AdaptImpossible, match="c’est trop peu pour apprendre"):
        adapt(Settings(data_dir=tmp_path / "data", source=str(tmp_path / "une.md"), layout="multibao"), Watch(None))
