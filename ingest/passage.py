"""Passage: the piece of a sheet or of a members' document that is indexed, found and cited."""

from collections.abc import Iterable, Iterator

from pydantic import Field

from ingest.sentence import split_sentences
from ingest.sheet import Access, Document, Frozen, Role, Section, Sheet, role_by_key

# E5 reads 512 tokens; 160 French words are about 230 tokens, and a reader takes them in at a glance.
_LONGEST = 160  # words


class Passage(Frozen):
    """Text that can be cited. `heading` says where it stands; it is indexed with the text, never quoted.

    `role` is that of its section, None for a members' document.
    """

    id: str
    sheet: str
    section: str
    heading: str
    order: int
    text: str
    page: int | None = None
    access: Access = "public"
    role: Role | None = Field(default_factory=lambda passage: role_by_key(_key(passage.get("id", ""))))

    @property
    def key(self) -> str:
        """The key of the section it comes from; "document" for a members' document."""
        return _key(self.id)


def _key(passage_id: str) -> str:
    """The key in an id, "" in none of ours."""
    return (*passage_id.split("/"), "", "")[1]


def split_sheet(sheet: Sheet) -> list[Passage]:
    """The passages of a sheet: a paragraph each; bullets and steps together, a line each."""
    passages: list[Passage] = []
    for section in sheet.sections:
        heading = _heading(sheet, section.title)
        for number, text in enumerate(_section_texts(section), start=1):
            passage_id = f"{sheet.id}/{section.key}/{number}"
            passage = Passage(
                id=passage_id,
                sheet=sheet.id,
                section=section.title,
                heading=heading,
                order=len(passages),
                text=text,
                access=sheet.access,
                role=section.role,
            )
            passages.append(passage)
    return passages


def split_document(document: Document, sheet: Sheet) -> list[Passage]:
    """The members' passages of a sheet's document: neighbouring paragraphs of one section and page together."""
    groups: list[tuple[str, int, list[str]]] = []
    for part in document.paragraphs:
        if groups and groups[-1][:2] == (part.title, part.page):
            groups[-1][2].append(part.text)
        else:
            groups.append((part.title, part.page, [part.text]))
    passages: list[Passage] = []
    for title, page, texts in groups:
        for text in _pack(texts):
            number = len(passages) + 1
            passage = Passage(
                id=f"{sheet.id}/document/{number}",
                sheet=sheet.id,
                section=title or "Fiche descriptive",
                heading=_heading(sheet, title or "Fiche descriptive"),
                order=number - 1,
                text=text,
                page=page,
                access="members",
            )
            passages.append(passage)
    return passages


def _heading(sheet: Sheet, section: str) -> str:
    return " – ".join(dict.fromkeys(part for part in (sheet.title, sheet.organisation, section) if part))


def _section_texts(section: Section) -> Iterator[str]:
    lines = [f"{block.label} : {block.text}" if block.label else block.text for block in section.blocks]
    if section.joined:
        yield from _pack(lines)
    else:
        for line in lines:
            yield from _pack([line])


def _pack(lines: Iterable[str]) -> Iterator[str]:
    """Lines joined by line breaks into texts of at most `_LONGEST` words; a longer line is cut at its sentences."""
    packed: list[str] = []
    words = 0
    for line in lines:
        pieces = [line] if len(line.split()) <= _LONGEST else _cut(line)
        for piece in pieces:
            count = len(piece.split())
            if packed and words + count > _LONGEST:
                yield "\n".join(packed)
                packed, words = [], 0
            packed.append(piece)
            words += count
    if packed:
        yield "\n".join(packed)


def _cut(line: str) -> Iterator[str]:
    """Whole sentences up to `_LONGEST` words; only a sentence longer than that is cut between words."""
    taken: list[str] = []
    for sentence in split_sentences(line):
        if taken and len(" ".join([*taken, sentence]).split()) > _LONGEST:
            yield " ".join(taken)
            taken = []
        words = sentence.split()
        while len(words) > _LONGEST:
            yield " ".join(words[:_LONGEST])
            words = words[_LONGEST:]
        taken.append(" ".join(words))
    yield " ".join(taken)
