"""Place reader: the cells that say where an organisation sits become its place; what they contradict is told.

Geocoding went wrong for some rows (a town of the same street name elsewhere), and postcodes are sometimes wrong too:
what two of name, postcode, codes and point agree on is kept, the rest is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from ingest.communes import commune, communes_named, communes_of_postcode
from ingest.layout import Columns, PlaceColumns
from ingest.place_cells import plain_number, read_departement, read_insee, read_point, read_postcode, read_region
from ingest.place_completion import complete_place
from ingest.places import departement_of_postcode, departements, is_plausible, same_commune, tidy_commune
from ingest.repair import repair_text
from ingest.sheet import Place
from language.letters import fold

_ALIKE = 80  # of 100: two spellings of one name


@dataclass
class PlaceReader:
    """Reads the place of one row; `mended` says what was left out or put right, by column, in French."""

    get: Callable[[Columns], str]
    columns: PlaceColumns
    lost_commas: bool
    mended: list[tuple[str, str]] = field(default_factory=list)

    def read(self) -> Place:
        """The place as written, improved by the geocoded one when both speak of the same commune, then by what is
        known of communes.
        """
        named, postcode, point = self._read_written()
        if is_foreign := self._is_foreign(named, postcode):
            postcode = self.get(self.columns.postcode)
        insee = self._read_known("insee", read_insee, "aucune commune n'a ce code INSEE")
        told = self._read_known("departement", read_departement, "aucun département ne se nomme ainsi")
        region = self._read_known("region", read_region, "aucune région ne se nomme ainsi")
        if not told and not region:
            region = read_region(self.get(self.columns.departement))  # a region in the column of départements
        evidence = {
            f"code INSEE {insee}": {insee[:3] if insee.startswith("97") else insee[:2]} if insee else set(),
            f"code postal {postcode}": set() if is_foreign else _departements_of_postcode(postcode),
            f"commune {named}": {one.departement for one in communes_named(named)} if named else set(),
            f"département {self.get(self.columns.departement)}": {told} if told else set(),
        }
        self._compare_codes(insee, named)
        departement, is_sure = self._settle(evidence, postcode, point)
        if point and departement and not is_plausible(departement, *point):
            name = departements()[departement].name
            reason = f"coordonnées écartées : elles ne sont pas dans le département ({name})"
            self.mended.append((self._column("latitude"), reason))
            point = None
        place = Place(
            commune=named or (one.name if (one := commune(insee)) and is_sure else ""),
            postcode=postcode,
            departement=departement,
            region=self._choose_region(departement, region),
            latitude=point[0] if point else None,
            longitude=point[1] if point else None,
        )
        return complete_place(place) if is_sure else place

    def _read_written(self) -> tuple[str, str, tuple[float, float] | None]:
        """Commune, postcode and point, with the geocoded ones where they speak of the same commune."""
        columns = self.columns
        written = repair_text(self.get(columns.commune), lost_commas=self.lost_commas)
        postcode = read_postcode(self.get(columns.postcode))
        geocoded, geocoded_postcode = self.get(columns.geocoded_commune), self.get(columns.geocoded_postcode)
        agree = same_commune(written, geocoded) or bool(postcode and postcode == read_postcode(geocoded_postcode))
        if geocoded and written and not agree:
            kept = f"{written!r} ({self.get(columns.postcode) or 'sans code postal'})"
            reason = f"géocodage écarté : {geocoded!r} ({geocoded_postcode}) n'est pas {kept}"
            self.mended.append((self._column("geocoded_commune"), reason))
            return tidy_commune(written), postcode, None
        point = self._read_point()
        return geocoded or tidy_commune(written), read_postcode(geocoded_postcode) or postcode, point

    def _is_foreign(self, named: str, postcode: str) -> bool:
        """Whether four figures are no French postcode that lost its zero: Bruxelles is not in the Ain. It is told."""
        cell = plain_number(self.get(self.columns.postcode))
        served = [fold(one.name) for one in communes_of_postcode(postcode)]
        near = [name for name in served if same_commune(named, name) or fuzz.ratio(fold(named), name) >= _ALIKE]
        is_foreign = len(cell) == 4 and cell.isdecimal() and bool(named and served) and not near
        if is_foreign:
            reason = f"{cell!r} n'est le code postal de {named!r} ni avec un zéro devant : département laissé vide"
            self.mended.append((self._column("postcode"), reason))
        return is_foreign

    def _read_point(self) -> tuple[float, float] | None:
        columns = self.columns
        cells = [self.get(family) for family in (columns.point, columns.latitude, columns.longitude)]
        point = read_point(*cells)
        if point is None and any(cells):
            shown = " et ".join(repr(cell) for cell in cells if cell)
            column = self._column("point" if cells[0] else "latitude" if cells[1] else "longitude")
            self.mended.append(
                (column, f"coordonnées illisibles, {shown} : écrivez-les en degrés, comme 48.39 et -4.49")
            )
        return point

    def _read_known(self, part: str, read: Callable[[str], str], reason: str) -> str:
        """The code that a cell stands for; a cell that stands for none is told."""
        cell = self.get(getattr(self.columns, part))
        code = read(cell) if cell else ""
        is_region = part == "departement" and read_region(cell)
        if cell and not code and not is_region:
            self.mended.append((self._column(part), f"{cell!r} : {reason}. Laissé de côté"))
        return code

    def _compare_codes(self, insee: str, named: str) -> None:
        """Tell of a commune whose code is another one's."""
        namesakes = communes_named(named) if named else ()
        one = commune(insee)
        if one and namesakes and insee not in {each.code for each in namesakes}:
            reason = f"le code INSEE {insee} est celui de {one.name}, et non de {named} : corrigez l'un des deux"
            self.mended.append((self._column("insee"), reason))

    def _settle(
        self, evidence: dict[str, set[str]], postcode: str, point: tuple[float, float] | None
    ) -> tuple[str, bool]:
        """The département that the cells say, and whether they leave no doubt; what contradicts is told."""
        said = {
            what: found & departements().keys() for what, found in evidence.items() if found & departements().keys()
        }
        common = set.intersection(*said.values()) if said else set()
        if common:
            usual = departement_of_postcode(postcode)
            return next(iter(common)) if len(common) == 1 else usual if usual in common else "", True
        if not said:
            return "", True
        votes = {code: sum(code in found for found in said.values()) for code in set.union(*said.values())}
        votes = {code: count + bool(point and is_plausible(code, *point)) for code, count in votes.items()}
        most = max(votes.values())
        likeliest = [code for code, count in votes.items() if count == most]
        kept = likeliest[0] if len(likeliest) == 1 else ""
        shown = " ; ".join(
            f"{what} ({', '.join(sorted(found)[:3])}{', …' if len(found) > 3 else ''})" for what, found in said.items()
        )
        what = f"département {kept} gardé" if kept else "département laissé vide"
        parts = ("departement", "postcode", "commune")
        column = next((self._column(part) for part in parts if self.get(getattr(self.columns, part))), "")
        self.mended.append((column, f"ces cellules se contredisent : {shown}. {what} : corrigez celle qui est fausse"))
        return kept, bool(kept)

    def _choose_region(self, departement: str, region: str) -> str:
        """The département's region; another one that is written is told."""
        if not departement:
            return region
        own = departements()[departement]
        if region and region != own.region:
            reason = (
                f"{self.get(self.columns.region)!r} n'est pas la région du département ({own.name}) : {own.region_name}"
            )
            self.mended.append((self._column("region"), reason))
        return own.region

    def _column(self, part: str) -> str:
        """The first of the names that a column may bear."""
        family: Columns = getattr(self.columns, part) or self.columns.commune
        return family[0] if family else ""


def _departements_of_postcode(postcode: str) -> set[str]:
    """Those of the communes that it serves, else the one that its figures say."""
    served = {one.departement for one in communes_of_postcode(postcode)}
    usual = departement_of_postcode(postcode)
    return served or ({usual} if usual else set())
