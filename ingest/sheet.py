"""Sheet: one practice (a fiche), or one page about the centre, as everything after ingestion sees it."""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Access = Literal["public", "members"]
Facet = Literal["porteur", "demarche", "thematique"]
# What a section of a sheet is for: layouts say it of each, and readers ask for it, whatever the section is called.
Role = Literal["lesson", "summary", "introduction", "steps", "organisation", "partners", "team", "experience", "limits"]
FACETS: tuple[Facet, ...] = ("porteur", "demarche", "thematique")


class Frozen(BaseModel):
    """A value that travels between steps: checked when made, never changed after."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Block(Frozen):
    """A paragraph, a bullet or a step; `label` is the date or the name of the step."""

    text: str
    label: str = ""


# Sections had no role in layouts written, and versions of the index made, before November 2026: their keys were known.
_ROLES_BY_KEY: dict[str, Role] = {
    "retenir": "lesson",
    "presentation": "summary",
    "introduction": "introduction",
    "etapes": "steps",
    "porteur": "organisation",
    "partenaires": "partners",
    "equipe": "team",
    "experience": "experience",
    "limites": "limits",
}


def role_by_key(key: str) -> Role | None:
    """The role of a section whose layout, or whose version of the index, does not say one."""
    return _ROLES_BY_KEY.get(key)


class Section(Frozen):
    """A titled part of a sheet. `key` is stable and names the part in passage ids; `role` says what it is for."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    joined: bool = False  # bullets and steps: short blocks that are read together
    role: Role | None = Field(default_factory=lambda section: role_by_key(section.get("key", "")))


class Place(Frozen):
    """Where the organisation sits. Codes are INSEE codes; coordinates are WGS 84 degrees.

    `population` is the commune's, which is not the organisation's when that is a département or a group of communes.
    """

    commune: str = ""
    insee: str = ""
    postcode: str = ""
    departement: str = ""
    region: str = ""
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None


class Sheet(Frozen):
    """One practice (a fiche). Its document's text is never here. `access` says who may know of it at all."""

    id: str
    kind: Literal["practice", "page"] = "practice"
    access: Access = "public"
    title: str
    organisation: str = ""
    address: str = ""  # the street where the organisation is written to; `place` says the town
    porteur: tuple[str, ...] = ()
    demarche: tuple[str, ...] = ()
    thematique: tuple[str, ...] = ()
    source: str = ""  # code of the programme, as the filters name it: "trophees", "barometre"
    annee: int | None = None
    edition: str = ""  # the year or years as shown: "2019", "2016-2019"
    prize: str = ""
    stars: int | None = None
    place: Place = Place()
    sections: tuple[Section, ...] = ()
    website: str = ""
    logo: str = ""
    links: tuple[str, ...] = ()
    has_document: bool = False  # whether a members' document exists; its content is never here

    @property
    def last_year(self) -> int | None:
        """The year, or the last of the years as shown: 2019 for "2016-2019"."""
        shown = re.findall(r"(?:19|20)\d\d", self.edition)
        return self.annee or (int(shown[-1]) if shown else None)


class Paragraph(Frozen):
    """A paragraph of a document with the title it stands under and its page, from 1."""

    title: str
    page: int
    text: str


class Document(Frozen):
    """The text of a members' document (fiche descriptive) in reading order; `sheet` is its sheet's id.

    `digest` stands for the file's content and for the way it was read: same digest, same paragraphs. `remarks` say in
    French what of the file is not read.
    """

    sheet: str
    file: str
    digest: str = ""
    paragraphs: tuple[Paragraph, ...]
    remarks: tuple[str, ...] = ()


class Remark(Frozen):
    """A row, column or file that needs someone's eye: what was refused, or what was mended and how."""

    file: str
    row: int | None
    column: str
    reason: str
