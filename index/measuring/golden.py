"""Golden questions: what staff expect to be found, asked to every new version before it is served."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pydantic import Field, TypeAdapter, ValidationError, field_validator

from index.measuring.measure import DEPTH, recall
from index.opened import Index
from index.ranking.fusion import WEIGHTS
from index.ranking.retrieval import retrieve
from ingest.plain_yaml import load_yaml_texts
from ingest.refusal import Refusal, explain_os_error
from ingest.sheet import Frozen

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder
_LARGEST = 1_000_000  # bytes: ten thousand questions
# The questions that staff say a sheet answers would find it although its text is lost.
_BY_TEXT = {**WEIGHTS, "questions": 0.0}


class GoldenWrong(Refusal):
    """A file of golden questions cannot be read; the message says where and why, in French."""


class GoldenQuestion(Frozen):
    """A question and the ids of the sheets that must be among its first hits."""

    question: str = Field(min_length=3, max_length=2000)
    sheets: tuple[str, ...] = Field(min_length=1)

    @field_validator("sheets", mode="before")
    @classmethod
    def _write_ids(cls, value: object) -> object:
        """YAML reads a number where an id is meant."""
        return [str(item) for item in value] if isinstance(value, list) else value


class GoldenResult(Frozen):
    """What a version does with the golden questions.

    `recall` is the mean share of expected sheets among the first 10 hits, None when no question could be asked;
    `missed` says which question lacks which sheets, `unknown` which expects sheets that are nowhere; those that
    expect no other are `skipped`.
    """

    asked: int = 0
    recall: float | None = None
    missed: tuple[GoldenQuestion, ...] = ()
    skipped: tuple[GoldenQuestion, ...] = ()
    unknown: tuple[GoldenQuestion, ...] = ()


def read_golden(path: Path) -> list[GoldenQuestion]:
    """The golden questions of a YAML file, a list of `question` and `sheets`; or raise GoldenWrong."""
    try:
        if path.stat().st_size > _LARGEST:
            raise GoldenWrong(f"Questions témoins {str(path)!r} : ce fichier dépasse {_LARGEST // 1_000_000} Mo.")
        content = load_yaml_texts(path.read_text(encoding="utf-8-sig"))
        return TypeAdapter(list[GoldenQuestion]).validate_python(content or [])
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", ligne {mark.line + 1}" if mark else ""
        raise GoldenWrong(
            f"Questions témoins {str(path)!r}{where} : ce n'est pas du YAML correct. Une question qui contient "
            '« : » ou des guillemets s\'écrit entre guillemets : - question: "Budget participatif : combien ?"'
        ) from error
    except UnicodeDecodeError as error:
        raise GoldenWrong(f"Questions témoins {str(path)!r} : ce fichier n'est pas en UTF-8.") from error
    except OSError as error:
        raise GoldenWrong(f"Questions témoins {str(path)!r} : {explain_os_error(error)}.") from error
    except ValidationError as error:
        place = error.errors()[0]["loc"]
        number = f"question n° {int(place[0]) + 1}" if place and isinstance(place[0], int) else "le début du fichier"
        raise GoldenWrong(
            f"Questions témoins {str(path)!r}, {number} : chaque question s'écrit « - question: … » puis, à la ligne, "
            "« sheets: [identifiants des fiches attendues] »."
        ) from error
    except ValueError as error:  # a value with a kind that it is not: !!int x
        raise GoldenWrong(f"Questions témoins {str(path)!r} : une valeur est impossible ({error}).") from error


def digest_golden(questions: Sequence[GoldenQuestion]) -> str:
    """What stands for these questions."""
    return hashlib.sha256("\n".join(question.model_dump_json() for question in questions).encode()).hexdigest()


def ask_golden(
    questions: Sequence[GoldenQuestion], index: Index, encoder: Encoder, elsewhere: frozenset[str] = frozenset()
) -> GoldenResult:
    """Ask a version, opened for members, the questions whose sheets it has, or has lost: those are `elsewhere`."""
    known = {sheet.id for sheet in index.sheets} | elsewhere
    asked = [question for question in questions if known & set(question.sheets)]
    shares, missed = [], []
    for question in asked:
        found = [
            hit.sheet.id for hit in retrieve(question.question, index, encoder, k=DEPTH, pages=True, weights=_BY_TEXT)
        ]
        expected = {sheet for sheet in question.sheets if sheet in known}
        lost = expected - set(found)
        shares.append(recall(found, expected))
        if lost:
            missed.append(question.model_copy(update={"sheets": tuple(sorted(lost))}))
    return GoldenResult(
        asked=len(asked),
        recall=round(sum(shares) / len(shares), 4) if shares else None,
        missed=tuple(missed),
        skipped=tuple(question for question in questions if question not in asked),
        unknown=tuple(
            question.model_copy(update={"sheets": strange})
            for question in questions
            if (strange := tuple(sheet for sheet in question.sheets if sheet not in known))
        ),
    )
