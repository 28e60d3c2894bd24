"""Column plan: what staff say of each column of a table, which makes a layout of it."""

from collections.abc import Sequence
from typing import Literal, get_args

from ingest.column_names import join_names
from ingest.layout import FacetColumn, Files, Identity, Layout, PlaceColumns, SectionColumn, SheetColumns
from ingest.refusal import Refusal
from ingest.sheet import FACETS, Facet, Frozen, Role, role_by_key
from language.letters import slug

FieldPart = Literal["title", "organisation", "year", "website", "logo", "document", "questions", "address"]
PlacePart = Literal["commune", "postcode", "insee", "departement", "region", "latitude", "longitude", "point"]
FacetPart = Facet
TextPart = Literal[
    "summary", "lesson", "introduction", "steps", "partners", "team", "experience", "limits", "text", "contact"
]
# "" is not read; "fact" is a few words that stand with the others under one title.
Part = Literal[FieldPart, PlacePart, FacetPart, TextPart, "id", "fact", ""]
_FIELDS: tuple[FieldPart, ...] = get_args(FieldPart)
_PLACES: tuple[PlacePart, ...] = get_args(PlacePart)
_ROLES: tuple[Role, ...] = get_args(Role)
_TEXTS: tuple[TextPart, ...] = get_args(TextPart)
FACTS, FACTS_TITLE = "informations", "Informations"
_TELLING_APART: tuple[Part, ...] = ("organisation", "commune", "year")


class PlanWrong(Refusal):
    """No layout can be made of a plan; the message says what to change, in French."""


class ColumnPlan(Frozen):
    """A column, what it is, and how it is read: its title on sheets, the sign between its values, a point for each."""

    column: str
    part: Part = ""
    title: str = ""
    separator: str = ""
    bullets: bool = False


def compose_layout(plans: Sequence[ColumnPlan], name: str, title: str, *, titles_differ: bool) -> Layout:
    """The layout that these plans make, or raise PlanWrong. Several columns of one field are joined.

    `titles_differ` says that no two rows have the same title: then it may be their id.
    """
    if constant := next((plan.column for plan in plans if plan.part and plan.column.startswith("=")), ""):
        raise PlanWrong(f"Le nom de la colonne {constant!r} commence par « = » : renommez-la dans le tableau.")
    by_part = {part: [plan.column for plan in plans if plan.part == part] for part in {plan.part for plan in plans}}
    if "title" not in by_part:
        raise PlanWrong("Aucune colonne n'est le titre : choisissez « Titre de la fiche » pour l'une d'elles.")
    sections = tuple(_make_sections(plans))
    if not sections:
        raise PlanWrong(
            "Aucune colonne n'est un texte : choisissez « Texte » ou « Information courte » pour une colonne au moins."
        )

    def family(part: Part) -> tuple[str, ...]:
        return (join_names(by_part[part]),) if part in by_part else ()

    return Layout(
        name=name,
        title=title,
        files=Files(tables=("**/*.csv",), documents=("**/*.pdf",)),
        id=Identity(columns=_find_id(by_part, titles_differ=titles_differ), pattern="^(.+)$"),
        columns=SheetColumns(
            **{part: family(part) for part in _FIELDS}, place=PlaceColumns(**{part: family(part) for part in _PLACES})
        ),
        sections=sections,
        facets={facet: _make_facet(plans, facet) for facet in FACETS if facet in by_part},
    )


def _find_id(by_part: dict[Part, list[str]], *, titles_differ: bool) -> tuple[str, ...]:
    """What tells rows apart: their number, their title, or their title with what is beside it."""
    if "id" in by_part:
        return (join_names(by_part["id"]),)
    beside = [] if titles_differ else [name for part in _TELLING_APART for name in by_part.get(part, [])]
    return (join_names([*by_part["title"], *beside]),)


def _make_facet(plans: Sequence[ColumnPlan], facet: Facet) -> FacetColumn:
    chosen = [plan for plan in plans if plan.part == facet]
    column = join_names(plan.column for plan in chosen)
    return FacetColumn(title=chosen[0].title or chosen[0].column, column=(column,), separator=chosen[0].separator)


def _make_sections(plans: Sequence[ColumnPlan]) -> list[SectionColumn]:
    """A section for each column of text, in their order, then one for all facts."""
    sections: list[SectionColumn] = []
    keys: set[str] = {FACTS}
    for plan in plans:
        if plan.part not in _TEXTS:
            continue
        key = slug(plan.column)[:40] or "texte"
        key = next(each for each in (key, *(f"{key}-{n}" for n in range(2, 1000))) if each not in keys)
        keys.add(key)
        section = SectionColumn(
            key=key,
            role=_find_role(plan.part, key),
            title=plan.title or plan.column,
            column=(plan.column,),
            form="bullets" if plan.bullets else "paragraphs",
            separator=plan.separator,
            contacts=plan.part == "contact",
        )
        sections.append(section)
    if facts := tuple(plan.column for plan in plans if plan.part == "fact"):
        sections.append(SectionColumn(key=FACTS, title=FACTS_TITLE, column=facts, form="facts"))
    return sections


def _find_role(part: Part, key: str) -> Role | None:
    return next((role for role in _ROLES if role == part), role_by_key(key))
