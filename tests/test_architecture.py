"""What the code promises of itself."""

import ast
import re
from pathlib import Path

import pytest

from assistant.settings import ROOT, Settings

PACKAGES = {
    "language": set(),
    "ingest": {"language"},
    "index": {"ingest", "language"},
    "assistant": {"index", "ingest", "language"},
}
LONGEST_MODULE = 350  # lines


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


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def folders() -> dict[str, set[str]]:
    """Each folder with the folders that its modules import, for the types alone too."""
    paths = {module_name(path): path for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    folder = {name: name if path.name == "__init__.py" else name.rpartition(".")[0] for name, path in paths.items()}
    found: dict[str, set[str]] = {}
    for name, path in paths.items():
        known = found.setdefault(folder[name], set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = []
            if isinstance(node, ast.ImportFrom) and node.module:
                inner = [f"{node.module}.{alias.name}" for alias in node.names]
                modules = [each if each in paths else node.module for each in inner]
            elif isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            known |= {folder[each] for each in modules if each in paths} - {folder[name]}
    return found


def reached(start: str, imports: dict[str, set[str]]) -> set[str]:
    """The folders that a folder imports, and those that they import."""
    seen: set[str] = set()
    left = [start]
    while left:
        new = imports[left.pop()] - seen
        seen |= new
        left += new
    return seen


def test_no_folder_imports_one_that_imports_it() -> None:
    imports = folders()
    assert not [folder for folder in imports if folder in reached(folder, imports)]


def test_a_question_goes_down_through_the_house_and_never_up() -> None:
    imports = folders()
    way = ("index", "assistant.reading", "assistant.finding", "assistant.answers", "assistant.answers.kinds")
    for row, folder in enumerate(way):
        assert not reached(folder, imports) & set(way[row + 1 :]), folder


def test_every_kind_of_answer_is_complete_and_tried_once() -> None:
    from typing import get_args

    from assistant.answers.draft import KindName
    from assistant.answers.kinds.registry import KINDS

    names = [kind.name for kind in KINDS]
    assert sorted(names) == sorted(get_args(KindName))
    assert all(kind.label for kind in KINDS)
    assert names[-1] == "examples"  # it passes nothing on
    modules = {path.stem for path in (ROOT / "assistant" / "answers" / "kinds").glob("*.py")}
    helpers = {"__init__", "kind", "registry", "choose", "told", "not_given", "notices", "beyond", "joined", "counted"}
    helpers |= {"asked_of_one"}
    assert modules == {*names} | helpers


def test_what_pages_and_chat_need_lies_below_both() -> None:
    imports = folders()
    for below in ("assistant.chat", "assistant.edge", "assistant.catalogue"):
        assert not [each for each in reached(below, imports) if each.startswith("assistant.web")]
    assert "assistant.chat" not in reached("assistant.edge", imports) | reached("assistant.catalogue", imports)


def test_the_command_line_and_the_server_are_imported_by_nothing() -> None:
    imports = folders()
    for top in ("assistant.cli", "assistant.web"):
        above = {folder for folder, names in imports.items() if top in names}
        assert above <= {"assistant.cli"}, top


def test_a_module_is_short_enough_to_be_read_at_once() -> None:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE, path


def test_every_folder_says_in_one_sentence_what_it_is_for() -> None:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("__init__.py"):
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def test_every_folder_is_installed() -> None:
    import tomllib

    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    ours = {module_name(path) for package in PACKAGES for path in (ROOT / package).rglob("__init__.py")}
    assert ours <= set(setuptools["packages"])


def test_every_file_that_a_module_reads_beside_it_is_installed() -> None:
    import tomllib

    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    installed = {
        path
        for package, patterns in setuptools["package-data"].items()
        for each in (setuptools["packages"] if package == "*" else [package])
        for pattern in patterns
        for path in (ROOT / each.replace(".", "/")).glob(pattern)
    }
    data = (".npz", ".npy", ".toml", ".txt", ".csv", ".onnx", ".safetensors")
    read = {path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.suffix in data}
    assert read
    assert read - installed == set()


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
    parser = [line for line in (ROOT / "requirements-language.lock").read_text().splitlines() if line[:1] != "#"]
    assert all("--hash=sha256:" in line for line in parser)
    lines += parser
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
