"""Registry: every kind of answer, in the order in which they are tried."""

from assistant.answers.draft import Family, KindName
from assistant.answers.kinds import (
    advice,
    carrier,
    centre,
    clarification,
    comparison,
    contact,
    declined,
    definition,
    duration,
    examples,
    extreme,
    fact,
    figures,
    listing,
    method,
    nothing,
    notions,
    obligation,
    period,
    rate,
    sheet,
    small_talk,
    users,
    who,
    why,
    yesno,
)
from assistant.answers.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    small_talk.KIND,
    declined.KIND,
    clarification.KIND,
    notions.KIND,
    definition.KIND,
    obligation.KIND,
    listing.KIND,
    comparison.KIND,
    contact.KIND,
    carrier.KIND,
    sheet.KIND,
    centre.KIND,
    period.KIND,
    rate.KIND,
    users.KIND,
    nothing.KIND,
    extreme.KIND,
    method.KIND,
    fact.KIND,
    figures.KIND,
    duration.KIND,
    why.KIND,
    who.KIND,
    yesno.KIND,
    advice.KIND,
    examples.KIND,
)
_BY_NAME: dict[str, Kind] = {
    **{kind.family: kind for kind in KINDS if kind.family},
    **{kind.name: kind for kind in KINDS},
}


def find_kind(name: str) -> Kind | None:
    """The kind of this name; None for one that an earlier or a later version gave."""
    return _BY_NAME.get(name)


def is_exact(name: str) -> bool:
    """Whether answers of this kind are computed or set side by side: a language model could only spoil them."""
    kind = find_kind(name)
    return kind is not None and kind.exact


def is_judged(name: str) -> bool:
    """Whether people are asked what they think of answers of this kind, and may take them away."""
    kind = find_kind(name)
    return kind is not None and kind.judged


def is_pointed(name: str) -> bool:
    """Whether answers of this kind point at a figure, a date or a name of what they quote."""
    kind = find_kind(name)
    return kind is not None and kind.pointed


def is_near(name: str) -> bool:
    """Whether what answers of this kind quote may only come near what is asked."""
    kind = find_kind(name)
    return kind is not None and kind.near


def name_family(name: KindName) -> Family:
    """What an answer of this kind is called outside."""
    return _BY_NAME[name].family or name
