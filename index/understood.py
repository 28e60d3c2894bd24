"""Understood: what a question says of the sheets sought, as the search takes it."""

from __future__ import annotations

from typing import Literal

from index.filters import FilterKey, Filters
from index.places.gazetteer import PlaceNamed
from ingest.sheet import Frozen
from language.detection import Language

Bound = Literal["size", "annee"]


class Understood(Frozen):
    """What a question says, to rank sheets up; nothing here leaves a sheet out.

    `filters` say what is sought, `asker` what the person says they are themselves; the size of the person's own town
    is in both, where no other organisation is sought: towns seek their like first, and others too. `population` is the
    number of inhabitants said, `population_range` what it stands for, ends included, `own_size` whether it is of who
    asks; `expansions` are other words for the same things, in French. `bounds` are the sizes and years that a follow-up
    sets: sheets that contradict them come last.
    """

    filters: Filters = Filters()
    asker: Filters = Filters()
    places: tuple[PlaceNamed, ...] = ()
    population: int | None = None
    population_range: tuple[int, int] | None = None
    own_size: bool = False
    online: bool | None = None
    expansions: tuple[str, ...] = ()
    bounds: tuple[Bound, ...] = ()
    language: Language = "fr"

    @property
    def asked(self) -> Filters:
        """The filters that are asked of the sheets: what the person says of themselves leaves none out."""
        own = self.asker.porteur
        return self.filters.model_copy(
            update={"porteur": tuple(code for code in self.filters.porteur if code not in own)}
        )

    def without(self, key: FilterKey, value: str | int) -> Understood:
        """The same less a value that the person took away, and less what it came from."""
        changes: dict[str, object] = {"filters": self.filters.without(key, value)}
        if key == "porteur":
            changes |= {
                "population": None,
                "population_range": None,
                "own_size": False,
                "asker": self.asker.without(key, value),
            }
        if key in ("departement", "region"):
            codes = f"{key}s"
            changes["places"] = tuple(place for place in self.places if str(value) not in getattr(place, codes))
        return self.model_copy(update=changes)

    def less(self, ignored: Filters) -> Understood:
        """The same less every value of the filters that the person took away."""
        understood = self
        for key in ignored.stated:
            for value in ignored.values(key):
                understood = understood.without(key, value)
        return understood
