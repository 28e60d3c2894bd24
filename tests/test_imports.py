"""Imports that nobody waits for: what a command does not need is not imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.settings import ROOT

MODEL = {"torch", "transformers", "sentence_transformers", "sklearn"}
# Its verb is read by the parser: spaCy would import PyTorch.
PARSED = "Combien de fiches parlent d'associer les habitants ?"


def imported(program: str, data_dir: Path, *arguments: str) -> set[str]:
    """The modules that a program ends with."""
    told = data_dir / "modules.txt"
    program = f"""
import sys
try:
    {program}
except SystemExit as ended:
    assert not ended.code, ended.code
open({str(told)!r}, "w").write("\\n".join(name for name, module in sys.modules.items() if module))
"""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ASSISTANT_DATA_DIR": str(data_dir),
        "CHAINLIT_APP_ROOT": str(data_dir),
    }
    command = [sys.executable, "-P", "-c", program, *arguments]
    done = subprocess.run(command, env=environment, cwd=data_dir, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(told.read_text().splitlines())


@pytest.mark.parametrize("arguments", [("search", "budget participatif"), ("ask", PARSED)], ids=["search", "ask"])
def test_a_question_is_answered_without_pytorch(arguments: tuple[str, ...], own_data_dir: Path) -> None:
    modules = imported("from assistant.cli import cli; cli()", own_data_dir, *arguments)
    assert "onnxruntime" in modules
    assert ("spacy" in modules) == (PARSED in arguments)
    assert not modules & {*MODEL, "chainlit", "langchain", "langchain_core", "alembic", "sqlalchemy", "psycopg"}


def test_what_computes_keeps_no_number_of_this_machine_to_tell_others(
    own_data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    assert "onnxruntime" in imported("from assistant.cli import cli; cli()", own_data_dir, "search", "budget")
    assert list(tmp_path.iterdir()) == []


def test_help_imports_nothing_that_computes_or_stores(tmp_path: Path) -> None:
    modules = imported("from assistant.cli import cli; cli()", tmp_path, "--help")
    assert not modules & {*MODEL, "numpy", "scipy", "onnxruntime", "tokenizers", "sqlalchemy", "fastapi", "limits"}


def test_a_server_starts_without_what_it_may_never_need(tmp_path: Path) -> None:
    chat = "exec('with light.without_what_is_left_aside(): import chainlit.server')"
    modules = imported(f"import assistant.web.server; from assistant.chat import light; {chat}", tmp_path)
    assert {"chainlit.server", "sqlalchemy"} <= modules
    assert not modules & {*MODEL, "spacy", "langchain", "langchain_core", "openai"}
    unused = {"mcp", "traceloop", "grpc", "opentelemetry.exporter", "alembic", "authlib", "docx", "scipy.cluster"}
    assert not modules & unused


def test_pytorch_can_be_imported_after_the_parser(tmp_path: Path) -> None:
    modules = imported("from language.parser import parse; parse('je vote', 'fr'); import torch", tmp_path)
    assert {"spacy", "torch"} <= modules
