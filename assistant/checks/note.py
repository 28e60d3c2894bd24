"""Note: a text that somebody wrote, compared with the sheets: is what it says of practices exact?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from assistant.checks.checker import Checker, Judged
from assistant.checks.figures import find_figures
from assistant.checks.stated_names import find_names
from assistant.finding.search import Sources, find_hits
from assistant.wording import describe_place
from index.ranking.retrieval import Hit
from index.signals.lexical import split_words
from ingest.passage import Passage
from ingest.refusal import Refusal, explain_os_error
from ingest.sentence import split_sentences
from ingest.sheet import Frozen

NoteVerdict = Literal["exact", "supported", "contradicted", "unknown"]

_SHEETS, _PASSAGES = 4, 4  # that a sentence is compared with, and of each
_SAME_SUBJECT = 0.5  # of a sentence's words, found where another figure stands: it speaks of the same thing
_LONGEST = 200_000  # characters
_QUOTED = re.compile(r"«([^«»]{15,})»|\"([^\"]{15,})\"|“([^“”]{15,})”")
_VERDICTS = {"exact": "Exact", "supported": "Soutenu", "contradicted": "CONTREDIT", "unknown": "Inconnu"}


class NoteWrong(Refusal):
    """A text cannot be read; the message says why, in French."""


class Checked(Frozen):
    """A sentence of a note, what the sheets say of it, and where: the sheet and its own sentence, "" when unknown."""

    sentence: str
    verdict: NoteVerdict
    sheet: str = ""
    quote: str = ""


def read_note(path: Path) -> str:
    """The text of a .md, .txt or .docx file, or raise NoteWrong."""
    if path.suffix.lower() not in (".md", ".txt", ".docx"):
        raise NoteWrong(f"{path} : un fichier .md, .txt ou .docx.")
    try:
        return _read_word(path) if path.suffix.lower() == ".docx" else path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise NoteWrong(f"{path} : ce n'est pas du texte en UTF-8.") from error
    except OSError as error:
        raise NoteWrong(f"{path} illisible : {explain_os_error(error)}.") from error


def _read_word(path: Path) -> str:
    """The paragraphs and the cells of a Word document, a line each."""
    from docx import Document  # noqa: PLC0415 - for those alone who check a Word file
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415

    try:
        document = Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise NoteWrong(f"{path} : ce n'est pas un document Word, ou il est abîmé.") from error
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def check_note(text: str, sources: Sources, checker: Checker) -> list[Checked]:
    """Each sentence of a text that has a figure, a quote or a name, in its order; or raise NoteWrong when too long.

    A sentence that copies one of a sheet, or quotes it, is exact; one that a sheet supports in other words, supported.
    It is contradicted when a sheet gives another figure of the same thing.
    """
    if len(text) > _LONGEST:
        raise NoteWrong(f"Ce texte a {len(text)} caractères ; il en faut {_LONGEST} au plus. Coupez-le en parties.")
    sentences = [sentence.strip(" -*#>\t") for sentence in split_sentences(text)]
    return [_check(each, sources, checker) for each in sentences if _states_something(each)]


def tell_verdict(verdict: NoteVerdict) -> str:
    """A verdict in French."""
    return _VERDICTS[verdict]


def _states_something(sentence: str) -> bool:
    return bool(find_figures(sentence) or _QUOTED.search(sentence) or find_names(sentence)[1:])


def _check(sentence: str, sources: Sources, checker: Checker) -> Checked:
    compared = [_compare(sentence, hit, checker) for hit in find_hits(sentence, sources, k=_SHEETS)]
    found = [each for each in compared if each]
    order: list[NoteVerdict] = ["exact", "supported", "contradicted"]
    return next(
        (told for verdict in order for told in found if told.verdict == verdict),
        Checked(sentence=sentence, verdict="unknown"),
    )


def _compare(sentence: str, hit: Hit, checker: Checker) -> Checked | None:
    """What one sheet says of a sentence, None when it says nothing of it."""
    passages = _nearest_passages(sentence, hit)
    quoted = next((next(filter(None, found.groups())) for found in _QUOTED.finditer(sentence)), "")
    for passage in passages:
        for said in split_sentences(passage.text):
            if _plain(said) and (_plain(said) in _plain(sentence) or _plain(quoted or sentence) in _plain(said)):
                return Checked(sentence=sentence, verdict="exact", sheet=hit.sheet.id, quote=said)
    known = f"{hit.sheet.organisation}\n{describe_place(hit.sheet)}"
    judged = checker.judge(sentence, [(passage.heading, passage.text) for passage in passages], known)
    if judged.verdict == "confirmed":
        return Checked(sentence=sentence, verdict="supported", sheet=hit.sheet.id, quote=judged.proofs[0].sentence)
    if judged.why == "figure" and _is_about(sentence, hit, judged):
        return Checked(sentence=sentence, verdict="contradicted", sheet=hit.sheet.id, quote=judged.proofs[0].sentence)
    return None


def _nearest_passages(sentence: str, hit: Hit) -> Sequence[Passage]:
    stems = set(split_words(sentence))
    passages = {each.passage.id: each.passage for each in hit.sentences}.values()
    return sorted(passages, key=lambda passage: -len(stems & set(split_words(passage.text))))[:_PASSAGES]


def _is_about(sentence: str, hit: Hit, judged: Judged) -> bool:
    """Whether the sheet's sentence has a figure too, and most of the words that go with the one stated."""
    if not judged.proofs or not find_figures(judged.proofs[0].sentence):
        return False
    words = {word for word in split_words(sentence) if word.isalpha()}
    said = set(split_words(f"{judged.proofs[0].sentence} {hit.sheet.title} {hit.sheet.organisation}"))
    return len(words & said) >= _SAME_SUBJECT * max(1, len(words))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
