"""Comparison of two states of the sheets: what was added, changed and removed, in the words of staff."""

from collections.abc import Mapping, Sequence
from typing import Literal

from ingest.sheet import Document, Frozen, Sheet

Kind = Literal["added", "changed", "removed"]

_FIELDS = {
    "title": "Titre",
    "organisation": "Porteur",
    "address": "Adresse",
    "porteur": "Type de porteur",
    "demarche": "Type de démarche",
    "thematique": "Thématique",
    "source": "Programme",
    "edition": "Année",
    "prize": "Prix",
    "stars": "Étoiles",
    "website": "Site",
    "logo": "Logo",
    "access": "Accès",
}


class FieldChange(Frozen):
    """A part of a sheet before and after; "" where it was not or is no more."""

    name: str
    before: str
    after: str


class SheetChange(Frozen):
    """What happens to a sheet from one version to the next."""

    sheet: str
    title: str
    kind: Kind
    practice: bool = True  # or a page about the centre
    fields: tuple[FieldChange, ...] = ()


def compare_sheets(
    before: Sequence[Sheet],
    now: Sequence[Sheet],
    documents_before: Sequence[Document] = (),
    documents_now: Sequence[Document] = (),
) -> list[SheetChange]:
    """The sheets and pages that differ, in the order of the new state, then those that are no more."""
    old, new = {sheet.id: sheet for sheet in before}, {sheet.id: sheet for sheet in now}
    old_texts, new_texts = _document_texts(documents_before), _document_texts(documents_now)
    changes = []
    for sheet in now:
        if sheet.id not in old:
            changes.append(_change(sheet, "added"))
            continue
        fields = _compare_fields(_describe(old[sheet.id], old_texts), _describe(sheet, new_texts))
        if fields:
            changes.append(_change(sheet, "changed", fields))
    gone = [_change(sheet, "removed") for sheet in before if sheet.id not in new]
    return changes + gone


def _change(sheet: Sheet, kind: Kind, fields: tuple[FieldChange, ...] = ()) -> SheetChange:
    return SheetChange(sheet=sheet.id, title=sheet.title, kind=kind, practice=sheet.kind == "practice", fields=fields)


def _document_texts(documents: Sequence[Document]) -> dict[str, str]:
    return {document.sheet: "\n".join(part.text for part in document.paragraphs) for document in documents}


def _describe(sheet: Sheet, documents: Mapping[str, str]) -> dict[str, str]:
    """Every part of a sheet as text, by the name that staff know it by."""
    parts = {label: _write(getattr(sheet, name)) for name, label in _FIELDS.items()}
    place = sheet.place
    parts["Lieu"] = " ".join(filter(None, (place.postcode, place.commune, place.departement, place.region)))
    parts["Coordonnées"] = "" if place.latitude is None else f"{place.latitude}, {place.longitude}"
    for section in sheet.sections:
        lines = (f"{block.label} : {block.text}" if block.label else block.text for block in section.blocks)
        parts[section.title] = "\n".join(filter(None, [parts.get(section.title), *lines]))
    parts["Document (PDF)"] = documents.get(sheet.id, "")
    return parts


def _write(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)


def _compare_fields(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FieldChange, ...]:
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        FieldChange(name=name, before=before.get(name, ""), after=after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    )
