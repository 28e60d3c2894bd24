"""The reading of a question: all that later steps take of it and of the turns before it."""

from __future__ import annotations

from assistant.reading.asked import Asked
from assistant.reading.asks import Ask
from assistant.reading.comparison import Comparison
from assistant.reading.declined import Declined
from assistant.reading.follow_up import FollowUp, Link
from assistant.reading.form import Form
from assistant.reading.listed import Listed
from assistant.reading.message import Centre, Courtesy
from index.filters import Filters
from index.understood import Understood
from ingest.sheet import Frozen


class Turn(Frozen):
    """An earlier turn: the question, the sheets found, best first, and those of them that the answer showed, if known.

    `ignored` are the filters that the person removed from what was understood.
    """

    query: str
    sheets: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    ignored: Filters = Filters()


class Reading(Frozen):
    """What is read of a question, once. `asked` is the question, its typos mended, without what ties it to others;
    `written` is what was written.

    What it says: `understood`, filters, places and sizes; `form`, the kind of answer that it calls for; `fact`, the
    figure, date or name that it wants; `listed` what it counts or lists; `comparison` what it compares. `courtesy`,
    `declined` and `centre` are of messages that ask nothing of the sheets.

    What it holds on to: `standalone` is the question in words that need nothing before them, `context` what it is
    asked about when it follows others ("" else), and `link` how. It is surely about the sheets of `only`, if any,
    and more likely about those of `favoured`, best first; `single` when it is about one sheet, `unclear` when it points
    at one that was not shown. `shown` are the sheets of the answer before, in its order, `focus` those of them that
    the conversation was about, `near` all those found for it, best first. `left` were shown, and others are asked for.

    `parts` are the questions of a message that asks several, as they are written; `asks` all that it asks, cut finer,
    for what one practice answers.
    """

    written: str
    asked: str
    standalone: str
    context: str = ""
    courtesy: Courtesy = ""
    declined: Declined | None = None
    centre: Centre = ""
    understood: Understood = Understood()
    form: Form = Form()
    fact: Asked | None = None
    listed: Listed | None = None
    comparison: Comparison = Comparison()
    follow_up: FollowUp
    link: Link = "new"
    favoured: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    single: bool = False
    unclear: bool = False
    shown: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def needs_search(self) -> bool:
        """Whether the sheets are asked at all."""
        return not (self.courtesy or self.declined or self.unclear)
