"""Prompt: a text for a language model, read from a Markdown file and checked before it is used."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from ingest.plain_yaml import load_yaml
from ingest.refusal import Refusal
from ingest.sheet import Frozen


class PromptWrong(Refusal):
    """A prompt file is absent or cannot be used; the message says which and why, in French."""


class _FrontMatter(Frozen):
    name: str
    version: int
    purpose: str
    variables: tuple[str, ...] = ()


class Prompt(Frozen):
    """A prompt's text with its `$variables`, its name and its version."""

    name: str
    version: int
    text: str
    variables: tuple[str, ...]

    @property
    def label(self) -> str:
        """name@version, as answers carry it."""
        return f"{self.name}@{self.version}"

    def fill(self, **values: str) -> str:
        """The text with its variables replaced; a missing or unknown one is a KeyError or a ValueError."""
        if unknown := values.keys() - set(self.variables):
            raise ValueError(f"{self.label} has no variable {sorted(unknown)}")
        return string.Template(self.text).substitute(values)


def read_prompt(folder: Path, name: str) -> Prompt:
    """The prompt of this name, or raise PromptWrong: absent, unknown key, variables that the text does not use."""
    path = folder / f"{name}.md"
    try:
        _, front, text = path.read_text(encoding="utf-8").split("---\n", 2)
        matter = _FrontMatter.model_validate(load_yaml(front))
    except FileNotFoundError as error:
        raise PromptWrong(f"Consigne {path} introuvable. Voyez ASSISTANT_PROMPTS_DIR.") from error
    except (ValueError, yaml.YAMLError, ValidationError) as error:
        raise PromptWrong(
            f"Consigne {path} : l'en-tête doit donner name, version, purpose et variables, entre deux « --- »."
        ) from error
    used = set(string.Template(text).get_identifiers())
    if used != set(matter.variables):
        raise PromptWrong(
            f"Consigne {path} : variables annoncées {sorted(matter.variables)}, utilisées {sorted(used)}."
        )
    return Prompt(name=matter.name, version=matter.version, text=text.strip(), variables=matter.variables)


_FORMS = ("fact", "figures", "advice", "method", "comparison", "definition", "examples")


@dataclass(frozen=True)
class Prompts:
    """What a language model is told, to answer, to rewrite and to review; `forms` by the form of the answer."""

    rules: Prompt
    question: Prompt
    rewriting: Prompt
    review: Prompt
    forms: Mapping[str, Prompt]

    def form(self, name: str) -> str:
        """What an answer of this form is to be; that of examples for any other."""
        return self.forms.get(name, self.forms["examples"]).text


def read_prompts(folder: Path) -> Prompts:
    """The prompts of a folder, or raise PromptWrong."""
    rules, question, rewriting, review = (
        read_prompt(folder, name)
        for name in ("answer_rules", "answer_question", "rewrite_question", "review_statements")
    )
    return Prompts(rules, question, rewriting, review, {name: read_prompt(folder, f"form_{name}") for name in _FORMS})
