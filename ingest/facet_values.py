"""Facet values: the labels of a facet whose layout lists none, found in the cells and counted."""

from collections import Counter
from collections.abc import Iterable

from ingest.layout import Layout
from ingest.sheet import Facet, Frozen, Remark, Sheet

LONGEST = 80  # characters of a value
MOST = 100  # values of a facet: with more, nobody would choose among them


class FoundValue(Frozen):
    """A value that cells give to a facet: its code, as it is written, and how many times it is written so."""

    facet: Facet
    code: str
    label: str
    count: int = 1


def count_values(values: Iterable[FoundValue]) -> tuple[FoundValue, ...]:
    """Each code once for a facet, in the writing met most often, the most frequent first."""
    totals: Counter[tuple[Facet, str]] = Counter()
    writings: dict[tuple[Facet, str], Counter[str]] = {}
    for each in values:
        totals[each.facet, each.code] += each.count
        writings.setdefault((each.facet, each.code), Counter())[each.label] += each.count
    return tuple(
        FoundValue(facet=facet, code=code, label=writings[facet, code].most_common(1)[0][0], count=count)
        for (facet, code), count in totals.most_common()
    )


def complete_layout(layout: Layout, values: Iterable[FoundValue], file: str) -> tuple[Layout, list[Remark]]:
    """The layout with the labels that were found; a facet with too many of them is left out, which is told."""
    counted = count_values(values)
    facets, remarks = dict(layout.facets), []
    for name, facet in layout.facets.items():
        if facet.labels:
            continue
        found = {each.code: each.label for each in counted if each.facet == name}
        if len(found) <= MOST:
            facets[name] = facet.model_copy(update={"labels": found})
            continue
        del facets[name]
        reason = f"{len(found)} valeurs différentes, {MOST} au plus : ce n'est pas un filtre, la colonne n'est pas lue"
        remarks.append(Remark(file=file, row=None, column=facet.column[0], reason=reason))
    return layout.model_copy(update={"facets": facets}), remarks


def keep_known(sheet: Sheet, layout: Layout) -> Sheet:
    """The sheet without codes of facets that the layout has no more."""
    gone = {name: () for name in ("porteur", "demarche", "thematique") if name not in layout.facets}
    held = {name: empty for name, empty in gone.items() if getattr(sheet, name)}
    return sheet.model_copy(update=held) if held else sheet
