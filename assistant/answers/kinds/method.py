"""Method: ordered steps put together from what several sheets did, each quoted, then what they learnt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.lines import Line, is_lesson, is_step, quote_line, quote_text, read_lines
from assistant.answers.saying import find_expressions, says
from assistant.answers.unmet import keep_fitting
from assistant.finding.quantities import find_held
from assistant.reading.asked import Asked
from assistant.wording import (
    METHOD,
    METHOD_DURATIONS,
    METHOD_LESSONS,
    METHOD_RECIPES,
    METHOD_SHEETS,
    PHASES,
    describe_sheet,
    escape,
    name_origin,
    place_page,
)
from index.opened import Index
from index.ranking.retrieval import Hit
from index.understood import Understood
from ingest.sentence import split_sentences
from ingest.sheet import Role, Sheet
from language.grammar import Grammar
from language.text import ANY, read_text

_SHEETS = 6
_NEAR_BEST = 0.75  # sheets that match less than this part of what the best one matches say how something else is done
_OF_A_PHASE, _OF_A_SHEET = 2, 3  # steps
_FEWEST_STEPS, _FEWEST_PHASES = 4, 3
_RECIPES, _OF_A_RECIPE = 2, 6  # sheets that are methods themselves, and their steps
_LONGEST, _LESSON = 40, 35  # words
_SHORTEST = 4  # words: less is a title
_LESSONS, _DURATIONS = 3, 2
_BACKGROUND: frozenset[Role | None] = frozenset({"organisation", "partners"})
_PHASE = Grammar("phase")
_IN_ORDER = ("preparing", "informing", "gathering", "choosing", "doing", "reporting")  # as PHASES names them


@dataclass(frozen=True)
class _Step:
    """A step of a hit with its phase."""

    hit: Hit
    line: Line
    phase: int
    worth: float


def _draft(case: Case) -> Draft | Passed:
    """A method when one is asked for and its steps are told."""
    reading = case.reading
    if not reading.form.method or reading.only or reading.fact:
        return Passed("la question ne demande pas comment faire")
    if case.wants not in ("method", "examples"):
        return Passed(f"elle demande plutôt des conseils ou des faits{case.likely}")
    own = keep_demarche(keep_fitting(list(case.hits)), reading.asked, reading.understood, case.index)
    return draft_method(own, case.index) or Passed("trop peu d'étapes dans les fiches trouvées")


def keep_demarche(hits: Sequence[Hit], question: str, understood: Understood, index: Index) -> list[Hit]:
    """The hits that did what is asked: by their codes, or else in the trade's words for it; all when it has none."""
    asked = find_expressions(question, index) if understood.language != "en" else [understood.expansions]

    def says_one(hit: Hit, expressions: tuple[str, ...]) -> bool:
        return any(says(hit.sheet, each) for each in expressions)

    if understood.filters.demarche:
        return [
            hit
            for hit in hits
            if understood.filters.meets("demarche", hit.sheet) or any(says_one(hit, each) for each in asked)
        ]
    return [hit for hit in hits if all(says_one(hit, each) for each in asked if each)]


def draft_method(hits: Sequence[Hit], index: Index) -> Draft | None:
    """A method from the steps of the best sheets; None when they hold too few for one."""
    if not hits:
        return None
    near = [hit for hit in hits if hit.sheet.kind == "practice" and hit.relevance >= _NEAR_BEST * hits[0].relevance]
    if not any(hit.sheet.organisation for hit in near):  # nobody did it: the sheets are methods, not practices
        return _draft_recipes(near, index)
    # Steps of two kinds of démarche make no method; where one kind tells too few, the others complete it.
    alike = [hit for hit in near if set(hit.sheet.demarche) & set(near[0].sheet.demarche)]
    chosen = _choose_steps(alike) or _choose_steps(near)
    if not chosen:
        return None
    # In the order of the steps, which is that of the citations: "le premier" is then the first of this list too.
    used = [step.hit for row, step in enumerate(chosen) if not any(step.hit is other.hit for other in chosen[:row])]
    citations = Citations()
    blocks = [METHOD, _write_phases(chosen, citations)]
    blocks += _write_list(METHOD_DURATIONS, _find_durations(used), citations)
    blocks += _write_list(METHOD_LESSONS, _find_lessons(used), citations)
    blocks += [f"{METHOD_SHEETS}\n\n" + "\n".join(f"- {describe_sheet(hit.sheet, index)}" for hit in used)]
    return Draft(kind="method", text="\n\n".join(blocks), citations=citations.all())


def _choose_steps(hits: Sequence[Hit]) -> list[_Step]:
    """The steps of the best of these sheets; none when they are too few for a method."""
    chosen = _choose([step for hit in hits[:_SHEETS] for step in _read_steps(hit, hits[0])])
    phases = {step.phase for step in chosen}
    return chosen if len(chosen) >= _FEWEST_STEPS and len(phases) >= _FEWEST_PHASES else []


def _draft_recipes(hits: Sequence[Hit], index: Index) -> Draft | None:
    """The steps of each of the best sheets that are methods themselves; None when the best one has too few."""
    steps = {hit.sheet.id: _read_step_lines(hit)[:_OF_A_RECIPE] for hit in hits}
    told = [hit for hit in hits if len(steps[hit.sheet.id]) >= _FEWEST_PHASES][:_RECIPES]
    if not told or told[0] is not hits[0]:
        return None
    citations = Citations()
    blocks = [METHOD_RECIPES]
    for hit in told:
        quotes = (quote_line(line, hit.sheet, citations, _LONGEST) for line in steps[hit.sheet.id])
        blocks += [
            describe_sheet(hit.sheet, index),
            "\n".join(f"{number}. {quoted}" for number, quoted in enumerate(quotes, start=1)),
        ]
    blocks += _write_list(METHOD_LESSONS, _find_lessons(told), citations)
    return Draft(kind="method", text="\n\n".join(blocks), citations=citations.all())


def _read_step_lines(hit: Hit) -> list[Line]:
    """The lines of a hit that tell a step."""
    return [line for line in read_lines(hit) if is_step(line) and len(line.text.split()) >= _SHORTEST]


def _read_steps(hit: Hit, best: Hit) -> Iterator[_Step]:
    """The steps of a hit that say which phase they are of. Those of a sheet that answers better are worth more."""
    lines = _read_step_lines(hit)
    share = hit.relevance / best.relevance if best.relevance else 1.0
    for row, line in enumerate(lines):
        phase = _find_phase(line, row / max(1, len(lines) - 1))
        if phase is not None:
            yield _Step(hit, line, phase, line.similarity + 0.2 * share)


def _find_phase(line: Line, place: float) -> int | None:
    """The phase of which a step says most, its first words above all, near its place (0 to 1) in its sheet.

    None for a step that says nothing of any.
    """
    text = read_text(f"{line.dated} {line.text}", ANY)
    found = [list(_PHASE.find(phase, text)) for phase in _IN_ORDER]
    first = min((each[0].start for each in found if each), default=-1)
    # What a step is stands first: "Présentation publique des résultats du vote".
    hits = [len({word.said for word in each}) + (bool(each) and each[0].start == first) for each in found]
    if not any(hits):
        return None
    usual = [abs(place - phase / (len(_IN_ORDER) - 1)) for phase in range(len(_IN_ORDER))]
    return min(range(len(_IN_ORDER)), key=lambda phase: (-hits[phase] + 1.5 * usual[phase], phase))


def _choose(steps: list[_Step]) -> list[_Step]:
    """The best steps of each phase, of different sheets where possible, phase after phase."""
    taken: list[_Step] = []
    for step in sorted(steps, key=lambda each: -each.worth):
        of_phase = [other for other in taken if other.phase == step.phase]
        of_sheet = [other for other in taken if other.hit is step.hit]
        alone = not any(other.hit is step.hit for other in of_phase)
        if len(of_phase) < _OF_A_PHASE and len(of_sheet) < _OF_A_SHEET and alone:
            taken.append(step)
    return sorted(taken, key=lambda step: (step.phase, -step.worth))


def _write_phases(chosen: list[_Step], citations: Citations) -> str:
    items = []
    for number, phase in enumerate(sorted({step.phase for step in chosen}), start=1):
        items.append(f"{number}. **{PHASES[phase]}**")
        items += [f"   - {_write_step(step, citations)}" for step in chosen if step.phase == phase]
    return "\n".join(items)


def _write_step(step: _Step, citations: Citations) -> str:
    line, sheet = step.line, step.hit.sheet
    when = f"{escape(line.dated)} : " if line.dated else ""
    quoted = quote_line(line, sheet, citations, _LONGEST)
    return f"{when}{quoted}{place_page(line.passage.page)}{_from(sheet)}"


def _from(sheet: Sheet) -> str:
    origin = name_origin(sheet)
    return f" – {origin}" if origin else ""


def _find_durations(hits: list[Hit]) -> list[tuple[Hit, Line, str]]:
    """Sentences that tell how long something took, the first one of each sheet."""
    told = ((hit, next(_sentences_that_last(hit), None)) for hit in hits)
    return [(hit, *lasting) for hit, lasting in told if lasting][:_DURATIONS]


def _sentences_that_last(hit: Hit) -> Iterator[tuple[Line, str]]:
    asked = Asked("duration")
    for line in read_lines(hit):
        for sentence in split_sentences(line.text) if line.passage.role not in _BACKGROUND else ():
            if find_held(sentence, asked) and _says_how_long(sentence) and len(sentence.split()) <= _LONGEST:
                yield line, sentence


def _says_how_long(sentence: str) -> bool:
    return _PHASE.has("lasts", read_text(sentence, ANY))


def _find_lessons(hits: list[Hit]) -> list[tuple[Hit, Line, str]]:
    """What each of the best sheets says to remember, nearest to the question, one a sheet."""
    found = []
    for hit in hits:
        lessons = [line for line in read_lines(hit) if is_lesson(line) and len(line.text.split()) >= _SHORTEST]
        if lessons:
            best = max(lessons, key=lambda line: line.similarity)
            found.append((hit, best, ""))
    return found[:_LESSONS]


def _write_list(title: str, found: list[tuple[Hit, Line, str]], citations: Citations) -> list[str]:
    items = [
        (
            quote_text(line.passage, sentence, hit.sheet, citations)
            if sentence
            else quote_line(line, hit.sheet, citations, _LESSON)
        )
        + place_page(line.passage.page)
        + _from(hit.sheet)
        for hit, line, sentence in found
    ]
    return [f"**{title}**\n\n" + "\n".join(f"- {item}" for item in items)] if items else []


KIND = Kind("method", "Méthode", _draft, bounded=True)
