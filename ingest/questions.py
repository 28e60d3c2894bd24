"""Questions that a sheet answers, as staff write them: a further way to find it, never shown as its words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml

from ingest.plain_yaml import PlainLoader
from ingest.repair import mask_contacts, repair_text, split_parts
from ingest.sheet import Access, Frozen, Remark, Sheet
from language.letters import fold
from language.shapes import BULLET, WORD

QUESTION_FILE = "questions-fiches.yaml"
State = Literal["accepted", "proposed", "rejected"]

_LONGEST = 200  # characters: a longer text is a part of the sheet rather than a question
_MOST = 20  # questions a sheet: more would make it the answer to everything
_LARGEST = 5_000_000  # bytes
_MARK = "//"  # parts two questions of a line
_CODE = re.compile(r"<[a-z/!]|&\w+;|https?://|www\.|\]\(", re.IGNORECASE)
_TRUTHS = {"true": True, "oui": True, "yes": True, "false": False, "non": False, "no": False}
_KEYS = ("question", "origin", "accepted", "access")


class SheetQuestion(Frozen):
    """A question that a sheet answers. Those of a model are `proposed` until staff accept or reject them."""

    sheet: str
    text: str
    origin: Literal["staff", "model"] = "staff"
    state: State = "accepted"
    access: Access = "public"


@dataclass
class QuestionReading:
    """The questions of a source in their order, and what could not be used, for the report."""

    questions: list[SheetQuestion] = field(default_factory=list)
    notices: list[Remark] = field(default_factory=list)


def read_question_cell(cell: str, sheet: Sheet) -> tuple[list[SheetQuestion], list[str]]:
    """The questions of a cell, one a line or parted by "//", and why others cannot be used, in French."""
    questions, reasons = [], []
    for part in (each for line in cell.split("\n") for each in split_parts(line, _MARK)):
        text = BULLET.sub("", repair_text(part, lost_commas=False))
        reason = judge_question(text) if text else ""
        if reason:
            reasons.append(reason)
        elif text:
            questions.append(SheetQuestion(sheet=sheet.id, text=text, access=sheet.access))
    return questions, reasons


def judge_question(text: str) -> str:
    """Why a text cannot be a question of a sheet and how to mend it, in French; "" when it can."""
    shown = f"« {text[:60]}{'…' if len(text) > 60 else ''} »"
    if len(WORD.findall(text)) < 2:
        return f"question vide ou d'un seul mot ({shown}) : écrivez-la comme on la poserait, ou retirez-la"
    if len(text) > _LONGEST:
        return f"question trop longue, {len(text)} caractères pour {_LONGEST} au plus ({shown}) : raccourcissez-la"
    if _CODE.search(text):
        return f"balise, lien ou adresse dans une question ({shown}) : écrivez-la en texte simple"
    if mask_contacts(text) != text:
        return "adresse électronique ou téléphone dans une question : retirez-les, ils appartiennent à des personnes"
    return ""


def read_question_file(path: Path, sheets: Mapping[str, Sheet]) -> QuestionReading:
    """The questions that staff keep in a YAML file: sheet id -> list of questions, each a text or a mapping.

    Read as nodes and not as values: an id stays as it is written, and every remark knows its line. A file that
    cannot be read gives a remark and no question.
    """
    reading = QuestionReading()

    def note(line: int | None, column: str, reason: str) -> None:
        reading.notices.append(Remark(file=path.name, row=line, column=column, reason=reason))

    try:
        root = _compose(path)
    except _Unreadable as error:
        note(error.line, "", str(error))
        return reading
    for key, value in root.value if root else ():
        sheet, line = str(key.value).strip() if isinstance(key, yaml.ScalarNode) else "", key.start_mark.line + 1
        if sheet not in sheets:
            note(line, sheet, f"aucune fiche n'a l'identifiant {sheet!r} : corrigez-le, ou retirez ses questions")
            continue
        for entry in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            try:
                reading.questions.append(_read_entry(entry, sheets[sheet]))
            except _EntryWrong as error:
                note(entry.start_mark.line + 1, sheet, str(error))
    return reading


def choose_keys(questions: Iterable[SheetQuestion]) -> tuple[SheetQuestion, ...]:
    """The questions that sheets are found by: each once, what staff rejected left out, at most 20 a sheet."""
    every = list(questions)
    refused = {(each.sheet, fold(each.text)) for each in every if each.state == "rejected"}
    chosen: dict[tuple[str, str], SheetQuestion] = {}
    counts: dict[str, int] = {}
    for each in sorted(every, key=lambda question: question.origin == "model"):  # stable: staff's come first
        key = (each.sheet, fold(each.text))
        if key not in refused and key not in chosen and counts.get(each.sheet, 0) < _MOST:
            chosen[key] = each
            counts[each.sheet] = counts.get(each.sheet, 0) + 1
    return tuple(chosen.values())


def note_surplus(questions: Iterable[SheetQuestion]) -> Iterator[Remark]:
    """A remark for each sheet with more questions than are read."""
    counts: dict[str, set[str]] = {}
    for each in questions:
        if each.state != "rejected":
            counts.setdefault(each.sheet, set()).add(fold(each.text))
    for sheet, texts in counts.items():
        if len(texts) > _MOST:
            reason = f"{len(texts)} questions : les {_MOST} premières sont lues, gardez les plus utiles"
            yield Remark(file=f"fiche {sheet}", row=None, column="", reason=reason)


class _Unreadable(Exception):
    """The file as a whole cannot be read; carries the line when there is one."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


class _EntryWrong(Exception):
    """One entry cannot be used."""


def _compose(path: Path) -> yaml.MappingNode | None:
    if path.stat().st_size > _LARGEST:
        raise _Unreadable(f"ce fichier dépasse {_LARGEST // 1_000_000} Mo : aucune de ses questions n'est lue")
    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=PlainLoader)
    except UnicodeDecodeError as error:
        raise _Unreadable("ce fichier n'est pas en UTF-8 : enregistrez-le en UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = (
            "ce n'est pas du YAML correct, aucune de ces questions n'est lue : alignez les tirets, et écrivez entre "
            'guillemets une question qui contient « : » ou « # », comme - "Budget participatif : combien ?"'
        )
        raise _Unreadable(reason, mark.line + 1 if mark else None) from error
    except RecursionError as error:
        raise _Unreadable("listes dans des listes sans fin : une question par tiret suffit") from error
    if root is not None and not isinstance(root, yaml.MappingNode):
        raise _Unreadable("l'identifiant d'une fiche suivi de « : », puis ses questions, un tiret par question", 1)
    return root


def _read_entry(entry: yaml.Node, sheet: Sheet) -> SheetQuestion:
    """A question written as a text, or as a mapping with what staff know of it; or raise _EntryWrong."""
    written = {"question": entry.value} if isinstance(entry, yaml.ScalarNode) else _read_mapping(entry)
    text = BULLET.sub("", repair_text(written.get("question", ""), lost_commas=False)).replace("\n", " ")
    origin, access = written.get("origin", "staff"), written.get("access", sheet.access)
    accepted = _TRUTHS.get(written.get("accepted", "false" if origin == "model" else "true").lower())
    if reason := judge_question(text):
        raise _EntryWrong(reason)
    if origin not in ("staff", "model") or access not in ("public", "members") or accepted is None:
        raise _EntryWrong("valeurs possibles : origin staff ou model, accepted true ou false, access public ou members")
    state: State = "accepted" if accepted else "rejected" if "accepted" in written else "proposed"
    return SheetQuestion(
        sheet=sheet.id,
        text=text,
        origin="model" if origin == "model" else "staff",
        state=state,
        access="members" if "members" in (access, sheet.access) else "public",
    )


def _read_mapping(entry: yaml.Node) -> dict[str, str]:
    pairs = entry.value if isinstance(entry, yaml.MappingNode) else []
    written = {str(key.value): str(value.value) for key, value in pairs if isinstance(value, yaml.ScalarNode)}
    if not written.keys() <= set(_KEYS) or len(written) < len(pairs) or "question" not in written:
        raise _EntryWrong(
            f"une question ne peut avoir que {', '.join(_KEYS)} : écrivez-la entre guillemets si elle contient « : »"
        )
    return written
