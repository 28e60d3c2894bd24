"""Address: what the address of the list of sheets says, read without ever refusing, and written again."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol
from urllib.parse import urlencode

from pydantic import ValidationError

from assistant.reading.message import tidy_question
from index.filters import FILTER_KEYS, FilterKey, Filters
from ingest.sheet import Frozen

View = Literal["fiches", "tableau", "carte"]
Order = Literal["pertinence", "recent", "ancien", "titre", "porteur"]
VIEWS: dict[View, str] = {"fiches": "Fiches", "tableau": "Tableau", "carte": "Carte"}
ORDERS: dict[Order, str] = {
    "pertinence": "Les plus proches de la recherche",
    "recent": "Les plus récentes",
    "ancien": "Les plus anciennes",
    "titre": "Par titre",
    "porteur": "Par porteur",
}
LIST = "/fiches"
# Each link of a page repeats them all.
LONGEST_QUERY, _LONGEST_VALUE = 300, 60  # characters
_MOST_VALUES = 20  # of one key
_NO_FILTERS = Filters()


class Parameters(Protocol):
    """The parameters of an address, each perhaps several times."""

    def getlist(self, key: str) -> Sequence[str]:
        """All the values of a key, in order."""


class Selection(Frozen):
    """The sheets that someone wants to see, and how. `communes` are INSEE codes, or names without one."""

    query: str = ""
    filters: Filters = _NO_FILTERS
    communes: tuple[str, ...] = ()
    view: View = "fiches"
    order: Order = "recent"
    page: int = 1

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return not (self.query or self.communes or self.filters.stated)

    @property
    def usual_order(self) -> Order:
        """The order when none is asked for: by nearness when something is sought, else the latest first."""
        return "pertinence" if self.query else "recent"

    def has(self, key: FilterKey, value: str) -> bool:
        """Whether a value of a filter is chosen."""
        return value in map(str, self.filters.values(key))

    def address(self, path: str = LIST, **changes: object) -> str:
        """Where this selection is, changed in some fields; on its first page unless `page` is given."""
        other = self.model_copy(update={"page": 1, **changes})
        if other.order == "pertinence" and not other.query:
            other = other.model_copy(update={"order": "recent"})
        pairs: list[tuple[str, object]] = [("q", other.query)]
        pairs += [(key, value) for key in FILTER_KEYS for value in other.filters.values(key)]
        pairs += [("commune", commune) for commune in other.communes]
        pairs += [("vue", other.view if other.view != "fiches" else "")]
        pairs += [("tri", other.order if other.order != other.usual_order else "")]
        pairs += [("page", other.page if other.page > 1 else "")]
        written = urlencode([(key, value) for key, value in pairs if value != ""])
        return f"{path}?{written}" if written else path

    def without(self, key: FilterKey, value: str | int) -> str:
        """The address without one value of a filter."""
        return self.address(filters=self.filters.without(key, value))


def read_selection(parameters: Parameters, known: Mapping[FilterKey, Sequence[str]]) -> Selection:
    """What an address asks for; values that no sheet has are left out, as old links may have some."""
    query = tidy_question(last_value(parameters, "q"))[:LONGEST_QUERY].rstrip()
    chosen: dict[str, object] = {}
    for key in FILTER_KEYS:
        values = [value for value in chosen_values(parameters, key) if value in known.get(key, ())]
        chosen[key] = (values[-1] if values else "") if key == "source" else values
    view, order, page = (last_value(parameters, name) for name in ("vue", "tri", "page"))
    sought = Selection(query=query)
    return Selection(
        query=query,
        filters=_make_filters(chosen),
        communes=tuple(chosen_values(parameters, "commune")),
        view=next((each for each in VIEWS if each == view), "fiches"),
        order=next((each for each in ORDERS if each == order and (query or each != "pertinence")), sought.usual_order),
        page=int(page) if page.isdecimal() and len(page) < 7 and int(page) > 0 else 1,
    )


def _make_filters(chosen: Mapping[str, object]) -> Filters:
    try:
        return Filters.model_validate(chosen)
    except ValidationError:
        return _NO_FILTERS


def chosen_values(parameters: Parameters, key: str) -> list[str]:
    """The values of a key, each once, no more and no longer than anybody chooses."""
    given = dict.fromkeys(parameters.getlist(key)[:_MOST_VALUES])
    return [value for value in given if len(value) <= _LONGEST_VALUE]


def last_value(parameters: Parameters, key: str) -> str:
    """The last value of a key, "" without one."""
    values = parameters.getlist(key)
    return values[-1] if values else ""
