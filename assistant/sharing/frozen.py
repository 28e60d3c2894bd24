"""Frozen: an answer as it was given, and what has become of the sheets that it cites since then."""

from __future__ import annotations

import hashlib
from typing import Literal

from markdown_it import MarkdownIt

from assistant.answers.answer import Answer
from assistant.answers.draft import Citation
from assistant.wording import MARK
from index.opened import Index
from ingest.sheet import Frozen, Sheet

Became = Literal["gone", "unsaid", "changed"]  # no more there; its sentence is not; another text, with its sentence


class FrozenAnswer(Frozen):
    """An answer, the version of the sheets that gave it, and what stands for the text of each that it cites."""

    answer: Answer
    version: str
    texts: dict[str, str]

    @property
    def cites_members(self) -> bool:
        """Whether it says what members alone may read."""
        return any(citation.access == "members" for citation in self.answer.citations)


class Change(Frozen):
    """What became of a sheet that an answer cites."""

    sheet: str
    became: Became


def freeze(answer: Answer, question: str, index: Index) -> FrozenAnswer:
    """An answer of this index, without what it was understood and made with."""
    plain = answer.model_copy(
        update={"standalone_question": question, "sheets": answer.shown, "listed": (), "missing": (), "seconds": {}}
    )
    sheets = [sheet for sheet in map(index.find_sheet, answer.shown) if sheet]
    texts = {sheet.id: _stand_for(sheet) for sheet in sheets}
    return FrozenAnswer(answer=plain, version=index.manifest.version, texts=texts)


def find_changes(frozen: FrozenAnswer, index: Index) -> tuple[Change, ...]:
    """The sheets that are not what they were, in the order in which the answer cites them."""
    found = ((sheet, _what_became(sheet, frozen, index)) for sheet in frozen.answer.shown)
    return tuple(Change(sheet=sheet, became=became) for sheet, became in found if became)


def without_gone(answer: Answer, index: Index) -> Answer:
    """An answer as readers of this index may see it: only what it proves by sheets that they may still read.

    A sheet that was withdrawn, or is members' own by now, leaves nothing behind: neither its sentences, nor its title,
    nor what was said without a mark, which may be of it.
    """
    there = tuple(each for each in answer.citations if index.find_sheet(each.sheet))
    if len(there) == len(answer.citations):
        return answer
    text = _keep_cited(answer.answer, {citation.n for citation in there})
    return answer.model_copy(update={"answer": text, "citations": there})


def _what_became(sheet_id: str, frozen: FrozenAnswer, index: Index) -> Became | None:
    sheet = index.find_sheet(sheet_id)
    if sheet is None:
        return "gone"
    text = _plain(" ".join(passage.text for passage in index.passages_of_sheet(sheet_id)))
    if not all(_is_in(citation, text) for citation in frozen.answer.citations if citation.sheet == sheet_id):
        return "unsaid"
    return None if frozen.texts.get(sheet_id) == _stand_for(sheet) else "changed"


def _is_in(citation: Citation, text: str) -> bool:
    return _plain(citation.quote) in text


def _plain(text: str) -> str:
    return " ".join(text.split())


def _stand_for(sheet: Sheet) -> str:
    """What another title, or another word of a section, changes; and nothing that only the program changes."""
    blocks = [f"{block.label} {block.text}" for section in sheet.sections for block in section.blocks]
    return hashlib.sha256(_plain(" ".join([sheet.title, *blocks])).encode()).hexdigest()[:16]


def _keep_cited(markdown: str, there: set[int]) -> str:
    """The paragraphs, items and tables all of whose marks are of sheets that are there; not those without a mark."""
    lines, kept = markdown.split("\n"), []
    for token in MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown):
        is_list = token.type in ("bullet_list_open", "ordered_list_open")
        is_block = token.level == 0 and token.nesting >= 0 and not is_list
        if token.map and (is_block or (token.type == "list_item_open" and token.level == 1)):
            part = "\n".join(lines[token.map[0] : token.map[1]]).strip()
            marks = set(map(int, MARK.findall(part)))
            if marks and marks <= there:
                kept.append(part)
    return "\n\n".join(kept)
