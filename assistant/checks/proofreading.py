"""Proofreading: lets through what is proved of a text that a language model is writing, statement by statement."""

import re
from collections.abc import Sequence

from assistant.answers.draft import Citations
from assistant.checks.proof import Given
from assistant.checks.statement import cut_statements, prove_statement, quote_instead, says_something


class Proofreader:
    """Reads a text piece by piece; what it has let through is never taken back.

    A statement that is not proved gives way to the sentence that it rests on, or is left out. Quotes wait for a first
    proved statement: without one, nothing of the text is worth showing.
    """

    def __init__(self, question: str, passages: Sequence[Given], citations: Citations) -> None:
        self._question, self._passages, self._citations = question, passages, citations
        self._rest = ""  # of what was written, not yet a whole statement
        self._gap = ""  # the space before what comes next
        self._held = ""
        self._quotes: set[str] = set()
        self.proved = self.removed = self.quoted = 0

    def read(self, piece: str) -> str:
        """What may be shown now that this piece was written; it has no space at its end."""
        statements, self._rest = cut_statements(self._rest + piece)
        return "".join(self._check(statement) for statement in statements)

    def finish(self) -> str:
        """What may be shown of the rest, now that nothing more comes."""
        rest, self._rest = self._rest, ""
        return self._check(rest)

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
