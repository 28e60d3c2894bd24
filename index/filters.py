"""Filters: what the sheets found must be, as people set it by hand."""

from typing import Any

from ingest.sheet import Frozen, Sheet


class Filters(Frozen):
    """Values wanted for each key: any of them within a key, all keys together; an empty key wants nothing.

    Codes are those of the sheets' facets; `departement` and `region` are INSEE codes.
    """

    porteur: tuple[str, ...] = ()
    demarche: tuple[str, ...] = ()
    thematique: tuple[str, ...] = ()
    annee: tuple[int, ...] = ()
    source: str = ""
    departement: tuple[str, ...] = ()
    region: tuple[str, ...] = ()

    def accept(self, sheet: Sheet) -> bool:
        """Whether a sheet has one of the values wanted for every key."""
        return (
            _meet(self.porteur, sheet.porteur)
            and _meet(self.demarche, sheet.demarche)
            and _meet(self.thematique, sheet.thematique)
            and (not self.annee or sheet.annee in self.annee)
            and (not self.source or sheet.source == self.source)
            and (not self.departement or sheet.place.departement in self.departement)
            and (not self.region or sheet.place.region in self.region)
        )

    def to_json(self) -> dict[str, Any]:
        """Only the keys that are set."""
        return {key: value for key, value in self.model_dump(mode="json").items() if value}


def _meet(wanted: tuple[str, ...], found: tuple[str, ...]) -> bool:
    return not wanted or bool(set(wanted) & set(found))
