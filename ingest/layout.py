"""Layout: which column of a publisher's table is which part of a sheet, read from a TOML file."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field, ValidationError, field_validator, model_validator

from ingest.column_names import list_columns, read_constant
from ingest.plain_toml import load_toml
from ingest.refusal import Refusal
from ingest.sheet import Facet, Frozen, Role, role_by_key

Language = Literal["fr", "en"]  # of what people are shown beside the sheets
# The names a column may bear; the first one filled is read. "A + B" joins columns, "= Lyon" is the same for every row.
Columns = tuple[str, ...]


# Pydantic's words for what goes wrong in a TOML file, in French.
_REASONS = {
    "extra_forbidden": "cette clé n'existe pas (faute de frappe, ou clé placée sous un autre titre ?)",
    "missing": "cette clé est nécessaire",
    "tuple_type": 'une liste est attendue, comme ["NOM DE COLONNE"]',
    "string_type": "un texte entre guillemets est attendu",
    "dict_type": "une table de clés est attendue",
    "literal_error": "valeurs possibles : {expected}",
    "bool_type": "true ou false est attendu",
}


class LayoutWrong(Refusal):
    """A layout file cannot be read; the message says where and why, in French."""


class Files(Frozen):
    """Patterns of the files to read in a folder. The first pattern of `tables` that finds any is used.

    Tables are CSV files with a sheet a row; `sheets` are Markdown files with a sheet each.
    """

    tables: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class Marks(Frozen):
    """The signs that part the content of a cell.

    `lost_commas`: the publishing tool removed commas, of which two spaces are left.
    """

    lost_commas: bool = False
    paragraph: str = "\n"
    label: str = "::"
    bullet: str = "- "
    code: str = "-"


class Identity(Frozen):
    """Where a sheet's stable id is found: the first group of `pattern` in the first column that fits."""

    columns: Columns
    pattern: str = r"^\s*(\S+)\s*$"


class PlaceColumns(Frozen):
    """Columns that say where the organisation sits, as written and as geocoded; `point` has both degrees in a cell."""

    commune: Columns = ()
    postcode: Columns = ()
    geocoded_commune: Columns = ()
    geocoded_postcode: Columns = ()
    latitude: Columns = ()
    longitude: Columns = ()
    point: Columns = ()
    insee: Columns = ()  # the commune's code, which is no postcode
    departement: Columns = ()
    region: Columns = ()


class SheetColumns(Frozen):
    """Columns that fill one field of the sheet each."""

    title: Columns
    organisation: Columns = ()
    address: Columns = ()  # number and street
    website: Columns = ()
    logo: Columns = ()
    document: Columns = ()
    source: Columns = ()
    year: Columns = ()  # a year, a date, or "2019-2021"
    file_name: Columns = ()
    questions: Columns = ()  # that the sheet answers: a search key, never shown
    place: PlaceColumns = PlaceColumns()


class Required(Frozen):
    """What a row must hold: every field or section of `filled`, and one at least of `one_of`."""

    filled: tuple[str, ...] = ("title",)
    one_of: tuple[str, ...] = ()


class SectionTitle(Frozen):
    """What a title written in the table stands for: a clean title, and another key and role if it is another part."""

    title: str
    key: str = ""
    role: Role | None = Field(default_factory=lambda part: role_by_key(part.get("key", "")))


class SectionColumn(Frozen):
    """A column that becomes a section of the sheet; `role` says what the section is for, whatever it is called.

    In the form of facts, each of its columns that is filled stands on a line of its own, after the column's name.
    E-mail addresses and telephones, which belong to persons, are masked, unless the column has the organisation's own
    `contacts`.
    """

    key: str
    title: str
    column: Columns
    role: Role | None = Field(default_factory=lambda section: role_by_key(section.get("key", "")))
    form: Literal["paragraphs", "bullets", "steps", "facts"] = "paragraphs"
    separator: str = ""  # of its paragraphs, bullets or steps; that of the marks if there is none
    contacts: bool = False
    title_column: Columns = ()
    titles: dict[str, SectionTitle] = Field(default_factory=dict)


class FacetColumn(Frozen):
    """A column of codes, with the label of each code; without labels, its values are found in the cells.

    `separator` parts several values in a cell: that of the marks for codes, line breaks for values that are found.
    `words` are what people say for a code, in French and in English, whatever their number, gender and accents;
    without them the label is what is recognised in a question. `population` is the size of the towns a code is for.
    """

    title: str
    column: Columns
    labels: dict[str, str] = Field(default_factory=dict)
    separator: str = ""
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    population: dict[str, tuple[int, int]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check_codes(self) -> "FacetColumn":
        strange = sorted({*self.words, *self.population} - self.labels.keys())
        if strange:
            raise ValueError(f"le code {strange[0]!r} n'a pas de libellé dans labels")
        return self


class Programme(Frozen):
    """A programme that sheets come from, recognised by a pattern in the folded source text.

    `words` are what people say for it, prizes included.
    """

    pattern: str
    label: str
    words: tuple[str, ...] = ()


class Programmes(Frozen):
    """How programme, prize, stars and year are read in the source column."""

    stars: str = ""
    year: str = r"\b(20\d\d)\b"
    period: str = ""
    file_year: str = ""
    labels: dict[str, Programme] = Field(default_factory=dict)
    prizes: dict[str, str] = Field(default_factory=dict)


class StarterText(Frozen):
    """A need in a few words, and the question that tells it."""

    label: str
    question: str


class Starter(Frozen):
    """A first question offered to those who do not know what to ask: of those of one `need`, another one each day."""

    need: str
    fr: StarterText
    en: StarterText


class Layout(Frozen):
    """A publisher's layout: an unknown key in the TOML file is an error.

    In a Markdown file, the columns are the keys of its front matter, its headings, and three of our own: "h1",
    its first heading, "file_name", and "file_title", a title made from it. A heading that no section names
    becomes a section of its own; a paragraph that starts with one of the `credits` is left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    files: Files
    marks: Marks = Marks()
    id: Identity
    columns: SheetColumns
    required: Required = Required()
    sections: tuple[SectionColumn, ...]
    credits: tuple[str, ...] = ()
    facets: dict[Facet, FacetColumn] = Field(default_factory=dict)
    programmes: Programmes = Programmes()
    starters: tuple[Starter, ...] = ()

    @property
    def columns_by_part(self) -> dict[str, Columns]:
        """Every part of a sheet that columns fill, with the names of these columns."""
        return {part: list_columns(family) for part, family in self._families.items()}

    @property
    def constant_parts(self) -> set[str]:
        """The parts that have a value where no column fills them."""
        return {part for part, family in self._families.items() if any(map(read_constant, family))}

    @property
    def _families(self) -> dict[str, Columns]:
        places = {f"place.{name}": family for name, family in self.columns.place}
        return {
            "id": self.id.columns,
            **{name: family for name, family in self.columns if isinstance(family, tuple)},
            **{section.key: section.column for section in self.sections},
            **{f"{section.key}.title": section.title_column for section in self.sections if section.title_column},
            **{name: facet.column for name, facet in self.facets.items()},
            **{name: family for name, family in places.items() if family},
        }

    @field_validator("programmes", "id")
    @classmethod
    def _check_patterns(cls, value: Programmes | Identity) -> Programmes | Identity:
        for name, pattern in value:
            if isinstance(pattern, str):
                try:
                    re.compile(pattern)
                except re.error as error:
                    raise ValueError(f"{name} : le motif {pattern!r} n'est pas correct ({error})") from error
        return value


def read_layout(name_or_path: str) -> Layout:
    """The layout shipped under this name, or the one in this TOML file, or raise LayoutWrong."""
    shipped = files("ingest").joinpath("layouts", f"{name_or_path}.toml")
    path = Path(name_or_path)
    if not shipped.is_file() and not path.is_file():
        missing = " (ce fichier n'existe pas)" if path.suffix else ""
        raise LayoutWrong(
            f"Mise en page {name_or_path!r} inconnue{missing}. Mises en page livrées : {', '.join(shipped_layouts())}."
        )
    try:
        text = shipped.read_text(encoding="utf-8") if shipped.is_file() else path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LayoutWrong(f"Mise en page {name_or_path!r} : ce fichier n'est pas en UTF-8.") from error
    try:
        return Layout.model_validate(load_toml(text))
    except tomllib.TOMLDecodeError as error:
        raise LayoutWrong(
            f"Mise en page {name_or_path!r} : ce n'est pas du TOML correct{toml_place(error)}."
        ) from error
    except ValidationError as error:
        # A misspelt key makes another one miss: it is told first.
        first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        where = ".".join(f"n° {part + 1}" if isinstance(part, int) else part for part in first["loc"])
        reason = _REASONS.get(first["type"], first["msg"].removeprefix("Value error, ")).format(**first.get("ctx", {}))
        raise LayoutWrong(f"Mise en page {name_or_path!r}, clé {where!r} : {reason}.") from error


def toml_place(error: tomllib.TOMLDecodeError) -> str:
    """Where a TOML file goes wrong, in French; the library says it in English."""
    found = re.search(r"line (\d+), column (\d+)", str(error))
    return f", ligne {found[1]}, caractère {found[2]} : un guillemet ou un crochet manque-t-il ?" if found else ""


def shipped_layouts() -> list[str]:
    """The names of the layouts that come with the project."""
    return sorted(item.name.removesuffix(".toml") for item in files("ingest").joinpath("layouts").iterdir())
