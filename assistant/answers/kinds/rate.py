"""Rate: the share that sheets tell of those who took part, or of what else is asked, the furthest that way first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.lines import quote_text
from assistant.answers.saying import find_coded, has_words
from assistant.answers.selection import select_sheets
from assistant.finding.shares import Share, Whole, find_turnouts, is_near, read_turnout
from assistant.french.numbers import say_number
from assistant.reading.listed import find_unsaid, is_common
from assistant.reading.superlative import Superlative, read_superlative
from assistant.wording import MARK, describe_sheet, escape
from assistant.wording.told import open_extreme, open_told, surely_a_slip
from index.aspects.figures import list_figures
from index.signals.lexical import split_words
from ingest.sheet import FACETS
from language.grammar import Grammar
from language.text import Text, read_text

_SHARE = Grammar("share")
_MOST = 6  # sheets
_FEWEST = 2


def _draft(case: Case) -> Draft | Passed:
    reading = case.reading
    question = read_text(reading.asked)
    asked = read_superlative(question)
    best = asked if asked and asked.column == "share" else None
    wholes = read_turnout(question)
    if reading.only or reading.form.comparison or reading.form.method or not (best or wholes):
        return Passed("elle ne demande ni une part, ni un taux à comparer")
    shares = _keep_best(_find_shares(case, question, wholes), best)
    sheets = {share.told.sheet for share in shares}
    if not shares or not (best or len(sheets) >= _FEWEST or shares[0].cannot_be):
        return Passed("moins de deux fiches disent une part de cette sorte")
    return _write(shares, best, case)


def _find_shares(case: Case, question: Text, wholes: frozenset[Whole]) -> Iterator[Share]:
    """The shares of the kind asked, of the sheets that the question is about."""
    index, understood = case.index, case.reading.understood
    coded: dict[str, object] = dict.fromkeys(FACETS, ())
    anywhere = understood.model_copy(update={"filters": understood.filters.model_copy(update=coded)})
    placed = select_sheets(case.reading.asked, anywhere, case.filters, index).mask
    coded_so = np.logical_and.reduce([index.catalogue.meeting(key, understood.filters) for key in FACETS])
    rest = _SHARE.without("asking", question)
    content = [word for word in find_unsaid(rest.written, index) if not is_common(word, index)]
    counted = tuple(case.reading.fact.counted if case.reading.fact else split_words(" ".join(content)))
    subject = find_coded(case.reading.asked, index, "demarche") if understood.filters.demarche else []
    for told in list_figures(index):
        row = index.catalogue.rows[told.sheet]
        sheet = index.sheets[row]
        if not placed[row] or not (coded_so[row] or has_words(told.sentence, subject)):
            continue
        if not wholes:
            near = told.figure.measured == "share" and counted and is_near(told.sentence, told.figure, counted)
            yield from [Share(told, told.figure.high, told.figure.written)] if near else []
        elif _tells(f"{sheet.title} {sheet.organisation} {told.sentence}", content):
            yield from find_turnouts(told, wholes)


def _tells(text: str, content: Sequence[str]) -> bool:
    """Whether a text has every word that tells what a rate is of."""
    return set(split_words(" ".join(content))) <= set(split_words(text))


def _keep_best(shares: Iterator[Share], asked: Superlative | None) -> list[Share]:
    """The share of each sheet that is furthest that way, the furthest first; what cannot be comes last."""
    least = asked is not None and asked.least
    ranked = sorted(shares, key=lambda share: share.value if least else -share.value)
    ranked.sort(key=lambda share: share.cannot_be)
    best: dict[str, Share] = {}
    for share in ranked:
        best.setdefault(share.told.sheet, share)
    return list(best.values())[: asked.number if asked and asked.number else _MOST]


def _write(shares: Sequence[Share], asked: Superlative | None, case: Case) -> Draft:
    language, citations = case.reading.understood.language, Citations()
    told = [(share, *_prove(share, case, citations)) for share in shares]
    first, _, lead = told[0]
    if asked and not first.cannot_be:
        whose = case.index.sheets[case.index.catalogue.rows[first.told.sheet]]
        opening = open_extreme(
            "share",
            least=asked.least,
            written=lead,
            whose=escape(whose.organisation or whose.title),
            of=sum(not share.cannot_be for share in shares),
            language=language,
        )
    else:
        opening = open_told("figures", len(shares), language)
    items = [f"{number}. {_item(*each, case)}" for number, each in enumerate(told, start=1)]
    sheets = tuple(share.told.sheet for share in shares)
    return Draft(kind="rate", text="\n\n".join([opening, *items]), citations=citations.all(), sheets=sheets)


def _item(share: Share, quoted: str, lead: str, case: Case) -> str:
    sheet = case.index.sheets[case.index.catalogue.rows[share.told.sheet]]
    named = describe_sheet(sheet, case.index)
    head = named if share.cannot_be else f"{lead} – {named}"
    slip = f"\n\n   *{surely_a_slip(case.reading.understood.language)}*" if share.cannot_be else ""
    return f"{head}\n\n   {quoted}{slip}"


def _prove(share: Share, case: Case, citations: Citations) -> tuple[str, str]:
    """The sentence that says a share, quoted, and the share with its mark; a computed one with its division."""
    told = share.told
    sheet = case.index.sheets[case.index.catalogue.rows[told.sheet]]
    passage = case.index.find_passage(told.sheet, told.passage)
    assert passage is not None
    quoted = quote_text(passage, told.sentence, sheet, citations)
    mark = f"\u00a0[{MARK.findall(quoted)[-1]}]"
    if share.parts:
        one, other = (say_number(round(each)) for each in share.parts)
        return quoted, f"**{round(share.value)}\u00a0%** ({one} ÷ {other}){mark}"
    return quoted, f"**{escape(share.written)}**{mark}"


KIND = Kind("rate", "Part ou taux", _draft, exact=True, pointed=True)
