"""Proposing: a language model proposes questions that each sheet answers; only those that pass every check are kept."""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.llm.prompt import Prompt
from assistant.proposals.proposals import ProposalBook, sheet_text
from index.signals.lexical import split_words
from ingest.questions import SheetQuestion, judge_question
from ingest.repair import drop_unseen, repair_text
from ingest.sheet import Remark, Sheet
from language.detection import detect_language, is_small_word
from language.grammar import Grammar
from language.letters import fold
from language.shapes import BULLET
from language.text import read_text

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_AT_ONCE = 4  # sheets asked about side by side
_LONGEST_REPLY = 4000  # characters read of what a model writes: more than its tokens can take
_LONGEST_SHEET = 8000  # characters given to the model: what a small one can read
_MOST = 5  # questions kept of a sheet
_SHORTEST = 15  # characters
_LEAST_SHARED = 0.25  # of a question's words, found in the sheet
_PROPOSAL = Grammar("proposal")
_LANGUAGE = "fr"  # of the sheets


class QuestionWriter:
    """A chat model that is asked for questions, with its prompt."""

    def __init__(self, chat: "BaseChatModel", prompt: Prompt, name: str, seconds: float = 120.0) -> None:
        self._chat, self._prompt, self._seconds = chat, prompt, seconds
        self.maker = f"{prompt.label} {name}"

    async def write(self, sheets: Sequence[Sheet]) -> list[str | None]:
        """What the model writes for each sheet, None where it fails or does not end in the seconds that it has."""
        written = (self._write(sheet) for sheet in sheets)
        replies = await asyncio.gather(*written, return_exceptions=True)  # each provider has its own errors
        return [reply if isinstance(reply, str) else None for reply in replies]

    async def _write(self, sheet: Sheet) -> str:
        async with asyncio.timeout(self._seconds):
            reply = await self._chat.ainvoke(self._prompt.fill(sheet=_quote(sheet)))
        return drop_unseen(str(reply.text)[:_LONGEST_REPLY])


def propose_questions(
    sheets: Sequence[Sheet],
    book: ProposalBook,
    writer: QuestionWriter,
    written: Sequence[SheetQuestion],
    tell: Callable[[int, int], None],
) -> list[Remark]:
    """Ask about the sheets that the book does not know as they are now; what failed, for the report.

    `written` are the questions that the source has already; `tell` is called with how many sheets are done, and of
    how many. A model that fails for a whole group is not asked further: the other sheets wait for the next run.
    """
    return asyncio.run(_propose(sheets, book, writer, written, tell))


async def _propose(
    sheets: Sequence[Sheet],
    book: ProposalBook,
    writer: QuestionWriter,
    written: Sequence[SheetQuestion],
    tell: Callable[[int, int], None],
) -> list[Remark]:
    new = [sheet for sheet in sheets if not book.is_asked(sheet, writer.maker)]
    done = failed = 0
    for start in range(0, len(new), _AT_ONCE):
        group = new[start : start + _AT_ONCE]
        replies = await writer.write(group)
        for sheet, reply in zip(group, replies, strict=True):
            if reply is None:
                failed += 1
                continue
            lines = _cut(reply)
            taken = [question.text for question in written if question.sheet == sheet.id]
            kept = choose_proposals(lines, sheet, [*taken, *book.reviewed_texts(sheet.id)])
            book.add(sheet, writer.maker, kept, len(lines) - len(kept))
        done += len(group)
        tell(done, len(new))
        if not any(reply is not None for reply in replies):
            failed += len(new) - done
            break
    if not failed:
        return []
    reason = (
        f"le modèle de langue n'a pas proposé de questions pour {failed} fiches sur {len(new)} (en panne ou trop "
        "lent) : elles sont indexées sans, et il sera interrogé à la prochaine réindexation"
    )
    return [Remark(file="ASSISTANT_LLM", row=None, column="", reason=reason)]


def choose_proposals(lines: Sequence[str], sheet: Sheet, taken: Sequence[str]) -> list[str]:
    """The lines that can be questions of a sheet: well-formed, French, grounded in its text, not yet `taken`."""
    known = set(split_words(sheet_text(sheet)))
    seen = {_gist(text) for text in [*taken, sheet.title]}
    chosen: list[str] = []
    for line in lines:
        is_sound = _is_question(line) and _is_french(line) and _is_grounded(line, known)
        if is_sound and _gist(line) not in seen and len(chosen) < _MOST:
            seen.add(_gist(line))
            chosen.append(line)
    return chosen


def _quote(sheet: Sheet) -> str:
    """The text of a sheet that cannot close the mark it stands in."""
    return sheet_text(sheet)[:_LONGEST_SHEET].replace("<", "‹").replace(">", "›")


def _cut(reply: str) -> list[str]:
    """The lines of a reply without bullets, numbers, quotation marks and emphasis."""
    lines = (BULLET.sub("", repair_text(line, lost_commas=False)).strip(' «»"“”*_`') for line in reply.split("\n"))
    return [line for line in lines if line]


def _is_question(line: str) -> bool:
    one = line.endswith("?") and line.count("?") == 1 and not re.search(r"[.!]\s", line)
    return one and len(line) >= _SHORTEST and not judge_question(line)


def _is_french(line: str) -> bool:
    return detect_language(line) == _LANGUAGE


def _is_grounded(line: str, known: set[str]) -> bool:
    """Whether a question has words in common with the sheet, and no figure nor name that the sheet lacks."""
    words = split_words(line)
    strange = {word for name in _names(line) for word in split_words(name)} - known
    return not strange and bool(words) and sum(word in known for word in words) >= _LEAST_SHARED * len(words)


def _names(line: str) -> Iterator[str]:
    """The words of a question that hold a capital or a figure; its first one too unless it can begin a question."""
    for position, word in enumerate(line.split()):
        begins = position == 0 and _begins_questions(word)
        if not begins and any(each.isupper() or each.isdigit() for each in word):
            yield word


def _begins_questions(word: str) -> bool:
    """Whether a word can begin a question, and so has a capital that names nothing: "Faut-il", "Dans"."""
    is_inverted = "-" in word and _PROPOSAL.has("inversion", read_text(word, _LANGUAGE))
    return is_inverted or is_small_word(word, _LANGUAGE) or _PROPOSAL.lists("begins", fold(word))


def _gist(text: str) -> frozenset[str]:
    """The words that count in a question: two with the same ones ask the same."""
    return frozenset(split_words(text)) or frozenset([fold(text)])
