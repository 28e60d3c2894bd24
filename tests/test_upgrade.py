"""A data directory that an older version of this project made is opened by today's."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from conftest import ROOT, make_data_dir, run_assistant, run_server

from assistant.staff.accounts import StaffAccounts

OLD = "e6da82ef6ae79e02dfb34ab959962084361f6783"  # before there was a database; modules all in one folder
PASSWORD = "cheval-batterie-agrafe"
SHEETS = 6


@pytest.fixture(scope="module")
def old_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The old version's code, taken from this project's history."""
    git = shutil.which("git")
    known = git and subprocess.run([git, "cat-file", "-e", OLD], cwd=ROOT, capture_output=True, check=False)
    if not git or not known or known.returncode != 0:
        pytest.skip("the project's history is not here, or not whole")
    folder = tmp_path_factory.mktemp("old")
    archive = subprocess.run([git, "archive", OLD], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "--extract", "--directory", folder], input=archive, check=True)
    return folder


@pytest.fixture(scope="module")
def old_data(old_code: Path, data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:  # noqa: ARG001 - the model is there
    """A data directory in which the old version indexed six sheets and made an account; and these sheets."""
    folder = tmp_path_factory.mktemp("upgrade")
    source = folder / "fiches.csv"
    table = (ROOT / "sheets" / "csv" / "fiches.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    source.write_text("".join(table[: 1 + SHEETS]), encoding="utf-8")
    data = folder / "var"
    data.mkdir()
    make_data_dir(data)
    for arguments, typed in (
        (["reindex", str(source), "--json"], ""),
        (["staff", "add", "camille", "--password-stdin"], PASSWORD),
    ):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "assistant.cli", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(old_code), "ASSISTANT_DATA_DIR": str(data)},
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
    assert not (data / "assistant.db").exists()
    return data, source


def test_an_older_data_directory_is_served_and_reindexed_by_todays_version(
    old_data: tuple[Path, Path], tmp_path: Path
) -> None:
    data, source = old_data
    settings = {"ASSISTANT_DATA_DIR": str(data), "ASSISTANT_SOURCE": str(source)}
    verified = run_assistant("index", "verify", "--json", **settings)
    assert json.loads(verified.stdout)["intact"], verified.stderr
    assert StaffAccounts(data).check("camille", PASSWORD) == "camille"
    with run_server(data, tmp_path, ASSISTANT_SOURCE=str(source)) as (url, _):
        state = httpx.get(f"{url}/readyz", timeout=30).json()
        assert (state["sheets"], state["problems"]) == (SHEETS, [])
        hits = httpx.get(f"{url}/api/search", params={"query": "budget participatif"}, timeout=30).json()["hits"]
        assert hits
    assert (data / "assistant.db").is_file()
    again = run_assistant("reindex", "--json", **settings)
    assert again.returncode == 0, again.stderr
    counts = json.loads(again.stdout)["sheets"]
    assert counts["unchanged"] == SHEETS


def test_a_backup_of_an_older_data_directory_holds_what_it_had(old_data: tuple[Path, Path], tmp_path: Path) -> None:
    saved = run_assistant("backup", str(tmp_path / "s.tar.gz"), "--json", ASSISTANT_DATA_DIR=str(old_data[0]))
    assert saved.returncode == 0, saved.stderr
    restored = run_assistant("restore", str(tmp_path / "s.tar.gz"), ASSISTANT_DATA_DIR=str(tmp_path / "new"))
    assert restored.returncode == 0, restored.stderr
    assert StaffAccounts(tmp_path / "new").list_names() == ["camille"]
    verified = run_assistant("index", "verify", "--json", ASSISTANT_DATA_DIR=str(tmp_path / "new"))
    assert json.loads(verified.stdout)["intact"], verified.stderr
