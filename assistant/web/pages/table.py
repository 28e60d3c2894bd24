"""The table of a selection: each sheet's public fields on a line, with the address of its page."""

from assistant.wording import describe_filter
from index.filters import FilterKey
from index.opened import Index
from ingest.places import departements, region_name
from ingest.sheet import Role, Section, Sheet

HEADER = (
    *("Fiche", "Titre", "Porteur", "Type de porteur", "Type de démarche", "Thématique", "Programme", "Année"),
    *(
        "Distinction",
        "Étoiles",
        "Commune",
        "Code INSEE",
        "Code postal",
        "Département",
        "Région",
        "Latitude",
        "Longitude",
    ),
    *("À retenir", "Présentation", "Déroulé", "Autres parties", "Site", "Fiche descriptive (adhérents)", "Adresse"),
)
_OWN_COLUMNS: tuple[Role, ...] = ("lesson", "summary", "steps")


def list_cells(sheet: Sheet, index: Index, address: str) -> list[str]:
    """The cells of a sheet, in the order of `HEADER`."""
    place = sheet.place
    known = departements().get(place.departement)
    own = {role: [_write(each) for each in sheet.sections if each.role == role] for role in _OWN_COLUMNS}
    others = [f"{section.title}\n{_write(section)}" for section in sheet.sections if section.role not in _OWN_COLUMNS]
    return [
        *(sheet.id, sheet.title, sheet.organisation),
        *(_label(key, sheet, index) for key in ("porteur", "demarche", "thematique")),
        *(
            index.manifest.programmes.get(sheet.source, sheet.source),
            sheet.edition,
            sheet.prize,
            str(sheet.stars or ""),
        ),
        *(place.commune, place.insee, place.postcode),
        *((known.name, known.region_name) if known else (place.departement, region_name(place.region))),
        *("" if degrees is None else str(degrees).replace(".", ",") for degrees in (place.latitude, place.longitude)),
        *("\n\n".join(texts) for texts in own.values()),
        *("\n\n".join(others), sheet.website, "oui" if sheet.has_document else "non", address),
    ]


def _label(key: FilterKey, sheet: Sheet, index: Index) -> str:
    return ", ".join(describe_filter(key, code, index.manifest) for code in getattr(sheet, key))


def _write(section: Section) -> str:
    return "\n".join(f"{block.label} : {block.text}" if block.label else block.text for block in section.blocks)
