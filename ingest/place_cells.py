"""Cells of places: postcodes, codes and coordinates as spreadsheets and people write them. Text in, code out."""

from functools import cache

from ingest.communes import commune
from ingest.places import departements
from language.letters import fold
from language.shapes import DECIMAL, DIGITS

# Regions until 2016, and short names, with the code of today's. INSEE, Code officiel géographique.
_FORMER_REGIONS = {
    "alsace": "44", "aquitaine": "75", "auvergne": "84", "basse normandie": "28", "bourgogne": "27", "centre": "24",
    "champagne ardenne": "44", "franche comte": "27", "haute normandie": "28", "idf": "11",
    "languedoc roussillon": "76", "limousin": "75", "lorraine": "44", "midi pyrenees": "76",
    "nord pas de calais": "32", "paca": "93", "picardie": "32", "poitou charentes": "75", "rhone alpes": "84",
}  # fmt: skip


def plain_number(cell: str) -> str:
    """A code without what a spreadsheet made of it when it took it for a number: "1000.0" is "1000"."""
    text = "".join(cell.split())
    whole, mark, zeros = text.replace(",", ".").partition(".")
    return whole if mark and whole.isdecimal() and not zeros.strip("0") else text


def read_postcode(cell: str) -> str:
    """A postcode with its five figures: "6200.0", "06 200", "F-06200" and "29200 Brest" have one; else as written."""
    text = plain_number(cell)
    found = next((figures for figures in DIGITS.findall(text) if len(figures) in (4, 5)), "")
    return found.zfill(5) if found else cell


def read_insee(cell: str) -> str:
    """The code of a commune with its lost zero back; "" when no commune of today has it."""
    code = plain_number(cell).upper().zfill(5)
    return code if commune(code) else ""


def read_departement(cell: str) -> str:
    """The code of a département written as its code, its name or both; "" if it is none."""
    known = _departement_codes()
    plain = plain_number(cell)
    parts = [plain, plain.zfill(2), cell, *cell.replace(")", "(").split("("), *cell.split(" - ")]
    return next((known[fold(part)] for part in parts if fold(part) in known), "")


def read_region(cell: str) -> str:
    """The code of a region written as its name of today or before 2016, whatever stands in brackets, or as its code."""
    wanted = fold(cell.split("(", maxsplit=1)[0])
    known = {found.region: found.region_name for found in departements().values()}
    today = next((code for code, name in known.items() if wanted in (fold(code), fold(name))), "")
    return today or _FORMER_REGIONS.get(wanted, "")


def read_point(both: str, latitude: str, longitude: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, from a cell that has both or from two; None when they are not there."""
    numbers = [float(each.replace(",", ".")) for each in DECIMAL.findall(both or latitude)]
    if not both and longitude and len(numbers) == 1:
        numbers += [float(each.replace(",", ".")) for each in DECIMAL.findall(longitude)]
    if len(numbers) != 2:
        return None
    if both.strip().upper().startswith("POINT"):  # as geographers write it, longitude first
        numbers.reverse()
    return (numbers[0], numbers[1]) if abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180 else None


@cache
def _departement_codes() -> dict[str, str]:
    """Folded codes and names of départements."""
    return {fold(key): code for code, found in departements().items() for key in (code, found.name)}
