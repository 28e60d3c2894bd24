"""Reindexing by staff: what changed is told, what is wrong is refused, what is served is never lost."""

import csv
import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ASSISTANT, our_environment, run_assistant

from assistant.members.documents import DocumentFiles
from assistant.reindexing import reindex as module
from assistant.reindexing.progress import Watch
from assistant.reindexing.reindex import ReindexRefused, reindex, settings_sources
from assistant.reindexing.runs import ReindexRunning, Report, RunJournal
from assistant.settings import Settings, read_settings
from index.encoding.encoder import Encoder
from index.manifest import IndexMissing
from index.measuring.golden import GoldenWrong
from index.storage.folder_store import FolderStore
from ingest.fetch import SourceUnreachable
from ingest.source import GOLDEN

TABLE = Path("csv") / "fiches.csv"
KILLS = 12


@pytest.fixture(autouse=True)
def _model_opened_once(monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> None:
    monkeypatch.setattr(module, "open_settings_encoder", lambda _settings: encoder)


@pytest.fixture(scope="module")
def first(own_data_dir: Path) -> tuple[Path, Report]:
    """A data directory with the own sheets, and the report of their indexing."""
    return own_data_dir, Report.model_validate_json((own_data_dir / "report.json").read_text(encoding="utf-8"))


@pytest.fixture
def settings(first: tuple[Path, Report], tmp_path: Path, sheets_copy: Path) -> Settings:
    """Settings over a copy of that directory and of the sheets, which a test may spoil."""
    data_dir = shutil.copytree(first[0], tmp_path / "data", symlinks=True)
    return Settings(data_dir=data_dir, source=str(sheets_copy))


def rows_of(source: str) -> list[dict[str, str]]:
    with (Path(source) / TABLE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(source: str, rows: list[dict[str, str]]) -> None:
    with (Path(source) / TABLE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def run(settings: Settings, **options: bool) -> Report:
    return reindex(settings, Watch(None), **options)  # type: ignore[arg-type]


def test_a_first_indexing_counts_everything_and_asks_the_golden_questions(first: tuple[Path, Report]) -> None:
    report = first[1]
    assert report.promoted
    assert (report.sheets.total, report.sheets.added, report.passages.reused) == (35, 35, 0)
    assert report.layouts == ("decider-ensemble",)
    assert report.golden.asked >= 25
    assert report.golden.recall is not None
    assert report.golden.recall >= 0.95
    assert report.golden.skipped == ()


def test_nothing_changed_embeds_nothing_and_makes_no_version(settings: Settings) -> None:
    version = FolderStore(settings.index_dir).current()
    report = run(settings)
    assert (report.version, report.promoted, report.passages.embedded) == (version, True, 0)
    assert report.sheets.unchanged == report.sheets.total == 35
    assert [manifest.version for manifest in FolderStore(settings.index_dir).manifests()] == [version]
    assert RunJournal(settings.data_dir).list_runs()[0].status == "unchanged"


def test_one_changed_cell_embeds_its_passages_only_and_shows_the_difference(settings: Settings) -> None:
    rows = rows_of(settings.source)
    rows[0]["À RETENIR"] = rows[0]["À RETENIR"].replace("47 000", "48 000")
    write_rows(settings.source, rows)
    report = run(settings)
    assert (report.sheets.changed, report.sheets.unchanged) == (1, 34)
    assert 1 <= report.passages.embedded <= 2
    (change,) = report.changes
    (field,) = change.fields
    assert (change.sheet, change.kind, field.name) == ("1", "changed", "À retenir")
    assert "47 000" in field.before
    assert "48 000" in field.after


def test_adding_a_sheet_reads_that_sheet_alone_within_seconds_and_a_removed_one_leaves(settings: Settings) -> None:
    rows = rows_of(settings.source)
    added = {**rows[5], "PDF FILE NAME": "99.Fiche.pdf", "TITRE DU PROJET": "Une fiche de plus", "LIEN PDF PROTEGE": ""}
    write_rows(settings.source, [*rows[:-1], added])
    report = run(settings)
    assert (report.sheets.added, report.sheets.removed, report.sheets.unchanged) == (1, 1, 34)
    assert {change.kind for change in report.changes} == {"added", "removed"}
    assert report.passages.embedded < 20 < report.passages.reused
    assert report.seconds["read"] + report.seconds["index"] < 10  # three alone, five beside other tests


def test_documents_are_those_of_the_sheets_in_service_wherever_these_lie(settings: Settings, tmp_path: Path) -> None:
    other = shutil.copytree(settings.source, tmp_path / "other")
    rows = rows_of(str(other))
    write_rows(str(other), [{**rows[0], "TITRE DU PROJET": "Le même, autrement"}, *rows[1:]])
    shutil.copy(other / "pdf" / "3.Fiche_descriptive-Coutances.pdf", other / "pdf" / "1.Fiche_descriptive-Gers.pdf")
    reindex(settings, Watch(None), [str(other)])
    index = FolderStore(settings.index_dir).open(settings.model_name, "members")
    files = DocumentFiles(lambda manifest: settings_sources(settings, manifest.asked), settings.sources_dir)
    assert files.read("1", index) == (other / "pdf" / "1.Fiche_descriptive-Gers.pdf").read_bytes()
    write_rows(settings.source, rows[:-1])
    run(settings)
    index = FolderStore(settings.index_dir).open(settings.model_name, "members")
    assert files.read("1", index) == (Path(settings.source) / "pdf" / "1.Fiche_descriptive-Gers.pdf").read_bytes()


def test_a_dry_run_tells_what_would_change_and_changes_nothing(settings: Settings) -> None:
    version = FolderStore(settings.index_dir).current()
    write_rows(settings.source, rows_of(settings.source)[:10])
    report = run(settings, dry_run=True)
    assert (report.promoted, report.version, report.sheets.removed) == (False, "", 25)
    assert "plus que 10 fiches au lieu de 35" in report.refusals[0]
    assert FolderStore(settings.index_dir).current() == version
    assert len(FolderStore(settings.index_dir).manifests()) == 1


def test_too_few_sheets_are_refused_unless_forced(settings: Settings) -> None:
    version = FolderStore(settings.index_dir).current()
    write_rows(settings.source, rows_of(settings.source)[:10])
    with pytest.raises(ReindexRefused, match=r"plus que 10 fiches au lieu de 35.*--force"):
        run(settings)
    assert FolderStore(settings.index_dir).current() == version
    assert RunJournal(settings.data_dir).list_runs()[0].status == "refused"
    assert run(settings, force=True).promoted


def test_too_many_rejected_rows_are_refused(settings: Settings) -> None:
    rows = rows_of(settings.source)
    for row in rows[:6]:
        row["TITRE DU PROJET"] = ""
    write_rows(settings.source, rows)
    with pytest.raises(ReindexRefused, match="6 lignes ou fichiers sont écartés") as refused:
        run(settings)
    assert [remark.row for remark in refused.value.report.rejected] == [2, 3, 4, 5, 6, 7]


def test_a_renamed_column_is_refused_by_the_part_it_would_empty(settings: Settings) -> None:
    rows = [
        {"DÉROULEMENT" if key == "ÉTAPES" else key: cell for key, cell in row.items()}
        for row in rows_of(settings.source)
    ]
    write_rows(settings.source, rows)
    with pytest.raises(ReindexRefused, match=r"La partie « Déroulé.* » disparaîtrait de \d+ fiches sur 35"):
        run(settings)


def test_a_document_that_leaves_is_named(settings: Settings) -> None:
    pdf = next(path for path in Path(settings.source).rglob("*.pdf") if not path.name.startswith("1."))
    pdf.rename(pdf.with_name("Autre nom.pdf"))
    report = run(settings)
    lost, lone = (
        notice for notice in report.notices if "perd ce document" in notice.reason or "ne l'annonce" in notice.reason
    )
    assert (lost.file, lone.file) == (pdf.name, "Autre nom.pdf")
    assert pdf.name in {remark.file for remark in report.absent}
    assert len(report.absent) == report.documents.missing


def test_two_sheets_cannot_have_the_same_document(settings: Settings) -> None:
    rows = rows_of(settings.source)
    source = next(row for row in rows if row["LIEN PDF PROTEGE"] and not row["PDF FILE NAME"].startswith("1."))
    rows.append({**source, "PDF FILE NAME": "98.Fiche.pdf", "TITRE DU PROJET": "Une copie"})
    write_rows(settings.source, rows)
    report = run(settings)
    assert [notice.reason for notice in report.notices if "annoncé aussi par la fiche 98" in notice.reason]
    assert report.documents.read == 2


def test_new_golden_questions_are_asked_although_no_sheet_changed(settings: Settings) -> None:
    (Path(settings.source) / GOLDEN).write_text(
        "- question: Budget participatif du Gers\n  sheets: [1, 999]\n- question: Une autre question\n  sheets: [998]\n"
    )
    report = run(settings)
    assert RunJournal(settings.data_dir).list_runs()[0].status == "unchanged"
    assert (report.golden.asked, report.golden.recall) == (1, 1.0)
    assert [question.sheets for question in report.golden.unknown] == [("999",), ("998",)]
    assert FolderStore(settings.index_dir).manifests()[0].recall == 1.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("- question: Budget : combien ?\n  sheets: [1]\n", "ligne 1 .*entre guillemets", id="colon"),
        pytest.param("- question: Budget\n  fiches: [1]\n", "question n° 1", id="wrong-key"),
    ],
)
def test_golden_questions_that_are_wrong_say_where_in_french(text: str, says: str, settings: Settings) -> None:
    (Path(settings.source) / GOLDEN).write_text(text)
    with pytest.raises(GoldenWrong, match=says):
        run(settings)


def test_a_version_that_no_longer_finds_what_staff_expect_is_refused_and_removed(settings: Settings) -> None:
    version = FolderStore(settings.index_dir).current()
    rows = rows_of(settings.source)
    for row in rows[8:16]:  # the text of others was pasted over theirs
        for name in ("TITRE DU PROJET", "À RETENIR", "PRÉSENTATION DU PROJET", "ÉTAPES", "NOM_PORTEUR_PROJET"):
            row[name] = rows[30][name]
    write_rows(settings.source, rows)
    with pytest.raises(ReindexRefused, match=r"Les questions témoins trouvent \d+\s% des fiches attendues"):
        run(settings)
    assert FolderStore(settings.index_dir).current() == version
    assert [manifest.version for manifest in FolderStore(settings.index_dir).manifests()] == [version]


def test_two_reindexings_at_once_are_not_allowed(settings: Settings) -> None:
    with RunJournal(settings.data_dir).alone(), pytest.raises(ReindexRunning, match="déjà en cours"):
        run(settings)
    assert run(settings).promoted


def test_a_source_that_is_down_leaves_what_is_served(settings: Settings) -> None:
    version = FolderStore(settings.index_dir).current()
    down = settings.model_copy(update={"source": "http://127.0.0.1:9/fiches.csv", "private_sources": True})
    with pytest.raises(SourceUnreachable):
        run(down)
    assert FolderStore(settings.index_dir).verify().version == version
    last = RunJournal(settings.data_dir).list_runs()[0]
    assert (last.status, "127.0.0.1:9" in last.error) == ("failed", True)


def test_a_full_disk_is_told_and_leaves_what_is_served(settings: Settings) -> None:
    version = FolderStore(settings.index_dir).current()
    rows = rows_of(settings.source)
    rows[0]["TITRE DU PROJET"] += " bis"
    write_rows(settings.source, rows)
    result = subprocess.run(
        [*ASSISTANT, "reindex"],
        env=our_environment(ASSISTANT_DATA_DIR=str(settings.data_dir), ASSISTANT_SOURCE=settings.source),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "n'a pas pu être écrite" in result.stderr
    assert "libérez de la place" in result.stderr
    assert "Traceback" not in result.stderr
    assert FolderStore(settings.index_dir).verify().version == version
    assert not list(settings.index_dir.glob(".*"))
    assert run(settings).promoted


def test_the_last_versions_stay_and_one_can_go_back(settings: Settings) -> None:
    kept = settings.model_copy(update={"versions_kept": 3})
    store = FolderStore(settings.index_dir)
    versions = [store.current()]
    rows = rows_of(settings.source)
    for number in range(3):
        rows[0]["TITRE DU PROJET"] = f"Titre {number}"
        write_rows(settings.source, rows)
        versions.append(run(kept).version)
    assert [manifest.version for manifest in store.manifests()] == versions[:0:-1]
    model = settings.model_name
    assert store.roll_back(model).version == versions[2]
    assert store.roll_back(model).version == versions[1] == store.current()
    with pytest.raises(IndexMissing, match="Aucune des versions gardées"):
        store.roll_back(model)
    with pytest.raises(IndexMissing, match=f"'nope' inconnue.*{versions[3]}"):
        store.roll_back(model, "nope")
    assert store.roll_back(model, versions[3]).version == versions[3]
    assert store.roll_back(model).version == versions[1]  # what was in service just before


def test_the_command_line_goes_back_lists_and_verifies(settings: Settings) -> None:
    environment = {"ASSISTANT_DATA_DIR": str(settings.data_dir), "ASSISTANT_SOURCE": settings.source}
    write_rows(settings.source, rows_of(settings.source)[:10])
    refused = run_assistant("reindex", "--json", **environment)
    assert refused.returncode == 3
    assert json.loads(refused.stdout)["refusals"]
    assert "rien n'a changé" in refused.stderr
    forced = json.loads(run_assistant("reindex", "--json", "--force", **environment).stdout)
    listed = json.loads(run_assistant("index", "versions", "--json", **environment).stdout)
    assert listed["current"] == forced["version"] == listed["versions"][0]["version"]
    back = json.loads(run_assistant("index", "rollback", "--json", **environment).stdout)
    assert back["version"] == listed["versions"][1]["version"]
    assert json.loads(run_assistant("index", "verify", "--json", **environment).stdout)["intact"]
    assert run_assistant("index", "rollback", "nope", **environment).returncode == 2


def test_killed_at_any_point_the_served_version_stays_and_the_next_run_succeeds(settings: Settings) -> None:
    write_rows(settings.source, rows_of(settings.source)[:6])
    (Path(settings.source) / GOLDEN).write_text("[]")
    run(settings, force=True)
    script = Path(__file__).parent / "kill_points.py"
    command = [sys.executable, str(script), str(settings.data_dir), settings.source, str(KILLS)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == KILLS, result.stderr[-2000:]
    assert all(line["killed"] and line["intact"] and line["next_run"] and line["clean"] for line in lines), lines
    assert {line["swapped"] for line in lines} == {False, True}  # before, and after, the one atomic step


def test_a_run_whose_program_died_is_shown_as_interrupted(settings: Settings) -> None:
    journal = RunJournal(settings.data_dir)
    with journal.open_run("schedule") as note:
        note.note_step("Lecture", 1, 4)
        assert journal.find_run(note.run.id).status == "running"  # type: ignore[union-attr]
    assert journal.list_runs()[0].status == "interrupted"
    assert journal.find_run("../../etc/passwd") is None


def test_several_sources_on_the_command_line_make_one_index(settings: Settings, shared: Path) -> None:
    methods = settings.data_dir / "methods"
    methods.mkdir()
    for file in sorted((shared / "corpus" / "multibao-methods").rglob("contributions_*.md"))[:8]:
        shutil.copy(file, methods)
    report = reindex(settings, Watch(None), [settings.source, str(methods)])
    assert (report.sheets.total, report.sheets.added) == (35 + 8, 8)
    assert report.layouts == ("decider-ensemble", "multibao")


@pytest.mark.parametrize(("written", "hours"), [("30min", 0.5), ("6h", 6), ("1j", 24)])
def test_the_schedule_is_written_as_people_say_it(written: str, hours: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_REINDEX_EVERY", written)
    every = read_settings().reindex_every
    assert every is not None
    assert every.total_seconds() == hours * 3600
