"""What the code promises of itself."""

import ast
import re
from pathlib import Path

import pytest

from assistant.settings import ROOT, Settings

PACKAGES = {"ingest": set(), "index": {"ingest"}, "assistant": {"index", "ingest"}}


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("package", PACKAGES)
def test_data_flows_one_way(package: str) -> None:
    ours = PACKAGES.keys() - {package}
    for path in (ROOT / package).rglob("*.py"):
        assert imported(path) & ours <= PACKAGES[package], path


def test_only_one_module_knows_faiss() -> None:
    users = {path.name for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "faiss" in imported(path)}
    assert users == {"vectors.py"}


def test_nothing_is_pickled() -> None:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            assert not {"pickle", "joblib", "dill", "shelve"} & imported(path), path


def test_every_setting_is_read_somewhere() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "assistant").rglob("*.py") if path.name != "settings.py"
    )
    code += (ROOT / "assistant" / "settings.py").read_text(encoding="utf-8").split("@property")[1]
    for name in Settings.model_fields:
        assert re.search(rf"\b(?:settings|self)\.{name}\b", code), name


def test_the_lock_file_pins_every_dependency_and_no_cuda() -> None:
    import tomllib

    lines = (ROOT / "requirements.lock").read_text().splitlines()
    assert all("==" in line for line in lines)
    pinned = {line.split("==")[0] for line in lines}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[^\w.-]", name)[0].lower() for name in project["dependencies"]}
    assert names <= pinned
    assert not [name for name in pinned if name.startswith(("nvidia", "cuda", "triton"))]


def test_words_that_people_read_stand_in_french() -> None:
    from assistant import wording
    from assistant.chat.words import words

    french = [text for name, text in vars(wording).items() if not name.endswith("_EN")]
    values = [*french, *vars(words("fr")).values()]
    texts = [value for value in values if isinstance(value, str) and " " in value and not value.startswith("Wording")]
    english = re.compile(r"\b(?:the|is|are|your|not|found|please)\b", re.IGNORECASE)
    assert texts
    assert not [text for text in texts if english.search(text)]
