"""Filters: what the sheets found must be as set by hand, or had better be as understood from the question."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from ingest.repair import refuse_unwritable
from ingest.sheet import Frozen, Sheet

FilterKey = Literal["porteur", "demarche", "thematique", "annee", "source", "departement", "region"]
FILTER_KEYS: tuple[FilterKey, ...] = (
    "porteur",
    "demarche",
    "thematique",
    "annee",
    "source",
    "departement",
    "region",
)


_Value = Annotated[str, AfterValidator(refuse_unwritable)]


class Filters(Frozen):
    """Values wanted for each key: any of them within a key, all keys together; an empty key wants nothing.

    Codes are those of the sheets' facets; `departement` and `region` are INSEE codes.
    """

    porteur: tuple[_Value, ...] = ()
    demarche: tuple[_Value, ...] = ()
    thematique: tuple[_Value, ...] = ()
    annee: tuple[int, ...] = ()
    source: _Value = ""
    departement: tuple[_Value, ...] = ()
    region: tuple[_Value, ...] = ()

    @property
    def stated(self) -> tuple[FilterKey, ...]:
        """The keys that want something."""
        return tuple(key for key in FILTER_KEYS if getattr(self, key))

    def values(self, key: FilterKey) -> tuple[str | int, ...]:
        """The values wanted for a key."""
        value = getattr(self, key)
        return ((value,) if value else ()) if key == "source" else value

    def meets(self, key: FilterKey, sheet: Sheet) -> bool:
        """Whether a sheet has one of the values wanted for this key."""
        wanted = self.values(key)
        return not wanted or not set(wanted).isdisjoint(_sheet_values(key, sheet))

    def accept(self, sheet: Sheet) -> bool:
        """Whether a sheet has one of the values wanted for every key."""
        return all(self.meets(key, sheet) for key in self.stated)

    def met(self, sheet: Sheet) -> tuple[FilterKey, ...]:
        """The keys stated that a sheet meets, to rank it up rather than leave the others out."""
        return tuple(key for key in self.stated if self.meets(key, sheet))

    def without(self, key: FilterKey, value: str | int) -> "Filters":
        """These filters less one value; a value that is not there changes nothing."""
        if key == "source":
            return self.model_copy(update={"source": ""}) if self.source == value else self
        left = tuple(each for each in self.values(key) if str(each) != str(value))
        return self.model_copy(update={key: left})

    def to_json(self) -> dict[str, Any]:
        """Only the keys that are set."""
        return {key: value for key, value in self.model_dump(mode="json").items() if value}


def _sheet_values(key: FilterKey, sheet: Sheet) -> tuple[str | int | None, ...]:
    if key in ("departement", "region"):
        return (getattr(sheet.place, key),)
    value = getattr(sheet, key)
    return value if isinstance(value, tuple) else (value,)
