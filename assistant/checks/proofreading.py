"""Proofreading: lets through what is proved of a text that a language model is writing, statement by statement."""

import re
import time
from collections.abc import Sequence

from assistant.answers.draft import Citations
from assistant.checks.proof import Given
from assistant.checks.statement import count_read, cut_further, prove_statement, quote_instead, says_something

# Beyond this a text is no answer, and what checks it would keep a processor busy: the rest of it is left out.
LONGEST_STATEMENT = 800  # characters
_TOO_LONG = "x" * (LONGEST_STATEMENT + 1)  # stands for what is read past until it ends
_MOST_STATEMENTS = 60
_LONGEST_CHECK = 0.4  # seconds of processor for a whole text, which takes a tenth of that


class Proofreader:
    """Reads a text piece by piece, in a time that grows as its length; what it has let through is never taken back.

    A statement that is not proved gives way to the sentence that it rests on, or is left out. Quotes wait for a first
    proved statement: without one, nothing of the text is worth showing.
    """

    def __init__(self, question: str, passages: Sequence[Given], citations: Citations) -> None:
        self._question, self._passages, self._citations = question, passages, citations
        self._rest = ""  # of what was written, not yet a whole statement
        self._read = 0  # characters of the rest in which no statement ends
        self._checked, self._spent = 0, 0.0
        self._gap = ""  # the space before what comes next
        self._held = ""
        self._quotes: set[str] = set()
        self.proved = self.removed = self.quoted = 0

    def read(self, piece: str) -> str:
        """What may be shown now that this piece was written; it has no space at its end."""
        return self.check(self.cut(piece))

    def cut(self, piece: str) -> list[str]:
        """The statements that end with this piece, for `check`: a moment's work, where checking takes longer."""
        statements, rest = cut_further(self._rest + piece, self._read)
        self._rest = rest if len(rest) <= LONGEST_STATEMENT else _TOO_LONG
        self._read = count_read(self._rest)
        return statements

    def check(self, statements: Sequence[str]) -> str:
        """What may be shown of these statements."""
        return "".join(self._check_in_time(statement) for statement in statements)

    def finish(self) -> str:
        """What may be shown of the rest, now that nothing more comes."""
        rest, self._rest = self._rest, ""
        return self._check_in_time(rest)

    def _check_in_time(self, statement: str) -> str:
        """The same as `_check`, as long as the text is one that an answer can be; what is not is left out."""
        if not statement.strip():
            self._widen_gap(statement)
            return ""
        self._checked += 1
        is_usual = len(statement) <= LONGEST_STATEMENT and self._checked <= _MOST_STATEMENTS
        if not is_usual or self._spent > _LONGEST_CHECK:
            self.removed += 1
            self._widen_gap(statement[-2:])
            return ""
        started = time.thread_time()
        shown = self._check(statement)
        self._spent += time.thread_time() - started
        return shown

    def _check(self, statement: str) -> str:
        if shown := prove_statement(statement, self._passages, self._citations):
            self.proved += 1
            shown, self._held = self._held + self._after_gap(shown), ""
            return shown
        quote = quote_instead(statement, self._question, self._passages, self._citations)
        if not quote or quote.strip() in self._quotes:
            self.removed += says_something(statement)
            self._widen_gap(statement)
            return ""
        self._quotes.add(quote.strip())
        self.quoted += 1
        shown = self._after_gap(quote)
        if not self.proved:
            self._held, shown = self._held + shown, ""
        return shown

    def _after_gap(self, text: str) -> str:
        gap, self._gap = self._gap, ""
        shown = gap + text.rstrip()
        self._widen_gap(text)
        return shown

    def _widen_gap(self, text: str) -> None:
        """Keep the space that ends a text for what follows: a paragraph stays one when its end is left out."""
        space = re.sub(r"\n{2,}", "\n\n", text[len(text.rstrip()) :])
        if self.proved or self._held or self._quotes:
            self._gap = max(self._gap, space, key=lambda each: (each.count("\n"), len(each)))
