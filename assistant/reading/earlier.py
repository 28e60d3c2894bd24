"""Earlier: a turn of a conversation as whoever asks keeps it and gives it back; what comes back is checked."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.reading.message import LONGEST_QUESTION
from assistant.reading.reading import Turn
from index.filters import Filters

MOST_TURNS = 20
LONGEST_ID = 200
_SHEETS = 100
_NO_FILTERS = Filters()

Question = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION, pattern=r"\S")]
SheetId = Annotated[str, Field(max_length=LONGEST_ID)]


class Earlier(BaseModel):
    """An earlier turn, as its answer gave it: the sheets, those that the text showed if known, the filters removed."""

    model_config = ConfigDict(extra="forbid")

    query: Question
    sheets: list[SheetId] = Field(default=[], max_length=_SHEETS)
    shown: list[SheetId] = Field(default=[], max_length=_SHEETS)
    ignored: Filters = _NO_FILTERS

    def as_turn(self) -> Turn:
        """The same as the conversation takes it."""
        return Turn(query=self.query, sheets=tuple(self.sheets), shown=tuple(self.shown), ignored=self.ignored)
