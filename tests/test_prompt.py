from pathlib import Path

import pytest

from assistant.llm.prompt import PromptWrong, read_prompt
from assistant.settings import ROOT

GOOD = "---\nname: x\nversion: 2\npurpose: essai\nvariables: [question]\n---\nDis : $question {json}\n"


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "prompts").glob("*.md")))
def test_the_prompts_of_the_project_can_be_used(name: str) -> None:
    prompt = read_prompt(ROOT / "prompts", name)
    assert prompt.label == f"{name}@{prompt.version}"
    assert prompt.fill(**dict.fromkeys(prompt.variables, "VALEUR")).count("VALEUR") >= len(prompt.variables)


def test_variables_are_filled_and_braces_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(GOOD, encoding="utf-8")
    assert read_prompt(tmp_path, "x").fill(question="oui ?") == "Dis : oui ? {json}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(GOOD.replace("version: 2\n", ""), "en-tête", id="missing-key"),
        pytest.param(GOOD.replace("purpose", "but"), "en-tête", id="unknown-key"),
        pytest.param(GOOD.replace("$question", "$autre"), "variables annoncées", id="undeclared-variable"),
        pytest.param("sans en-tête", "en-tête", id="no-front-matter"),
    ],
)
def test_a_wrong_prompt_is_refused_at_start(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(text, encoding="utf-8")
    with pytest.raises(PromptWrong, match=reason):
        read_prompt(tmp_path, "x")


def test_a_missing_prompt_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(PromptWrong, match=r"absent\.md introuvable"):
        read_prompt(tmp_path, "absent")


def test_a_variable_that_the_prompt_lacks_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ValueError, match="no variable"):
        read_prompt(tmp_path, "x").fill(question="a", foo="b")
