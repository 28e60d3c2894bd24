"""What the project says of itself: links of its documents, its decisions, what it depends on."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from assistant.settings import ROOT

ADR = ROOT / "docs" / "adr"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FOLDERS = ("assistant", "benchmarks", "index", "ingest", "language", "tests", "tools", "training")
OURS = {*FOLDERS, *(path.stem for path in (ROOT / "tests").glob("*.py"))}
# It runs in an environment of its own, which has its own list: requirements-langchain.txt.
ELSEWHERE = {ROOT / "benchmarks" / "peers" / "langchain_faiss.py"}


def links(document: Path) -> Iterator[str]:
    """The relative targets of the links and pictures of a document, without what stands in code."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:|/|#", target):
            yield target.partition("#")[0]


def test_what_documents_link_to_is_there() -> None:
    documents = {*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "training").rglob("*.md")}
    documents -= {ADR / "template.md"}
    lost = {(each.name, target) for each in documents for target in links(each) if not (each.parent / target).exists()}
    assert lost == set()


def test_decisions_are_numbered_without_a_gap_and_all_in_the_index() -> None:
    files = sorted(path.name for path in ADR.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    index = (ADR / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\((\d[^)]*)\)", index) == files


def test_a_decision_says_when_why_what_and_at_what_cost() -> None:
    head = re.compile(r"# (\d+)\. .+\n\nStatus: (?:proposed|accepted|superseded).*\d{4}-\d\d-\d\d")
    for path in ADR.glob("[0-9]*.md"):
        text = path.read_text(encoding="utf-8")
        found = head.match(text)
        assert found, path
        assert int(found[1]) == int(path.stem[:4]), path
        titles = [title for title in re.findall(r"^## (.+)", text, re.MULTILINE) if title != "Alternatives considered"]
        assert titles == ["Context", "Decision", "Consequences"], path


def test_what_is_imported_is_declared() -> None:
    known = packages_distributions()
    declared = {_name(each) for each in PROJECT["project"]["dependencies"]}
    groups = (*PROJECT["dependency-groups"].values(), *PROJECT["project"]["optional-dependencies"].values())
    declared |= {_name(each) for group in groups for each in group if isinstance(each, str)}
    missing = {
        (module, str(path.relative_to(ROOT)))
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        for module in _imported(path)
        if path not in ELSEWHERE and not declared & {_name(each) for each in known.get(module, [module])}
    }
    assert missing == set()


def test_what_serves_is_installed_without_pytorch() -> None:
    def read(name: str) -> set[str]:
        return set((ROOT / name).read_text(encoding="utf-8").splitlines())

    served, more = read("requirements.lock"), read("requirements-models.lock")
    assert served < more, "the same versions, and more"
    needless = {"torch", "transformers", "sentence-transformers", "scikit-learn", "sympy"}
    assert {_name(line) for line in more - served} >= needless


def test_each_package_says_that_it_is_typed() -> None:
    packages = {name.partition(".")[0] for name in PROJECT["tool"]["setuptools"]["packages"]}
    typed = {name for name in packages if next((ROOT / name).rglob("*.py"), None)}
    assert {name for name in typed if not (ROOT / name / "py.typed").is_file()} == set()


def _imported(path: Path) -> set[str]:
    """The first names of the modules of others that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    first = {name.partition(".")[0] for name in names}
    beside = {each.stem for each in path.parent.iterdir()}
    return first - beside - OURS - sys.stdlib_module_names


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-").replace(".", "-")
