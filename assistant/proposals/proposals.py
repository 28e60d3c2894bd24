"""Proposals: the questions that a language model proposed for each sheet, kept so that none is asked for twice."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from ingest.questions import SheetQuestion, State
from ingest.refusal import Refusal
from ingest.sheet import Frozen, Sheet
from language.letters import fold

_FILE = Path("questions") / "proposed.jsonl"


class ProposalUnknown(Refusal):
    """No question bears this code; the message says where to find the codes, in French."""


class Proposed(Frozen):
    """A question proposed for a sheet; `content` stands for the text it was proposed from."""

    text: str
    content: str
    state: State = "proposed"


class Proposal(Frozen):
    """What a model answered for one sheet. `maker` is its prompt and its name; `dropped` counts what failed a check.

    Same content and same maker: the sheet is not asked about again, even if nothing was kept.
    """

    sheet: str
    content: str
    maker: str
    questions: tuple[Proposed, ...] = ()
    dropped: int = 0


class ProposalBook:
    """The proposals of a data directory, a JSON line a sheet; of two lines for one sheet the last counts."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / _FILE
        self._proposals = {each.sheet: each for each in _read(self._path)}

    def __iter__(self) -> Iterator[Proposal]:
        return iter(self._proposals.values())

    def is_asked(self, sheet: Sheet, maker: str) -> bool:
        """Whether this model was asked about this very text."""
        known = self._proposals.get(sheet.id)
        return known is not None and (known.content, known.maker) == (digest_text(sheet), maker)

    def reviewed_texts(self, sheet: str) -> list[str]:
        """What staff accepted or rejected of what was proposed for a sheet: it need not be proposed again."""
        known = self._proposals.get(sheet)
        return [each.text for each in known.questions if each.state != "proposed"] if known else []

    def add(self, sheet: Sheet, maker: str, texts: Sequence[str], dropped: int) -> None:
        """Keep what a model proposed, on the disk at once; what staff reviewed before stays, the rest is replaced."""
        known, content = self._proposals.get(sheet.id), digest_text(sheet)
        reviewed = [each for each in known.questions if each.state != "proposed"] if known else []
        new = [Proposed(text=text, content=content) for text in texts]
        proposal = Proposal(sheet=sheet.id, content=content, maker=maker, questions=(*reviewed, *new), dropped=dropped)
        self._proposals[sheet.id] = proposal
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(proposal.model_dump_json() + "\n")

    def questions(self, sheets: Iterable[Sheet], written: Iterable[SheetQuestion] = ()) -> list[SheetQuestion]:
        """The questions of these sheets, but those `written` in the source, where staff have the last word.

        Those that nobody reviewed count only for the text they were made from.
        """
        settled = {question_code(each.sheet, each.text) for each in written}
        found = []
        for sheet in sheets:
            known = self._proposals.get(sheet.id)
            content = digest_text(sheet) if known else ""
            found += [
                SheetQuestion(sheet=sheet.id, text=each.text, origin="model", state=each.state, access=sheet.access)
                for each in (known.questions if known else ())
                if (each.state != "proposed" or each.content == content)
                and question_code(sheet.id, each.text) not in settled
            ]
        return found

    def review(self, codes: Sequence[str], state: State) -> list[str]:
        """Accept or reject the questions with these codes; their texts. Raises ProposalUnknown, and changes nothing."""
        coded = {
            question_code(sheet, each.text): each.text
            for sheet, proposal in self._proposals.items()
            for each in proposal.questions
        }
        if unknown := [code for code in codes if code not in coded]:
            raise ProposalUnknown(
                f"Aucune question proposée n'a le code {', '.join(map(repr, unknown))}. Les codes se lisent avec : "
                "assistant questions list"
            )
        for sheet, proposal in self._proposals.items():
            questions = tuple(
                each.model_copy(update={"state": state}) if question_code(sheet, each.text) in codes else each
                for each in proposal.questions
            )
            self._proposals[sheet] = proposal.model_copy(update={"questions": questions})
        self._write()
        return [coded[code] for code in codes]

    def _write(self) -> None:
        aside = self._path.with_name(f".{self._path.name}")
        aside.write_text("".join(each.model_dump_json() + "\n" for each in self), encoding="utf-8")
        os.replace(aside, self._path)


def digest_text(sheet: Sheet) -> str:
    """What stands for the text that a model is given of a sheet."""
    return hashlib.sha256(sheet_text(sheet).encode()).hexdigest()


def sheet_text(sheet: Sheet) -> str:
    """The text of a sheet that a model is given: its own, never that of its members' document."""
    blocks = [f"{block.label} : {block.text}".removeprefix(" : ") for part in sheet.sections for block in part.blocks]
    return "\n".join(filter(None, [sheet.title, sheet.organisation, sheet.place.commune, sheet.edition, *blocks]))


def question_code(sheet: str, text: str) -> str:
    """A short name for a question of a sheet, the same from one run to the next."""
    return hashlib.sha256(f"{sheet}\n{fold(text)}".encode()).hexdigest()[:8]


def _read(path: Path) -> Iterator[Proposal]:
    """Each proposal that can be read: a line cut by a power failure is asked about again."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (FileNotFoundError, UnicodeDecodeError):
        return
    for line in filter(None, lines):
        try:
            yield Proposal.model_validate_json(line)
        except ValidationError:
            continue
