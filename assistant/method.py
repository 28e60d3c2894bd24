"""Method: ordered steps put together from what several sheets did, each quoted, then what they learnt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.draft import Citations, Draft
from assistant.fact import Asked, find_held
from assistant.lines import Line, is_lesson, is_step, quote_line, quote_text, read_lines
from assistant.wording import (
    METHOD,
    METHOD_DURATIONS,
    METHOD_LESSONS,
    METHOD_SHEETS,
    PHASES,
    describe_sheet,
    escape,
    name_origin,
    place_page,
)
from index.retrieval import Hit
from index.versions import Index
from ingest.repair import fold
from ingest.sentence import split_sentences
from ingest.sheet import Sheet

_SHEETS = 6
_NEAR_BEST = 0.75  # sheets that match less than this part of what the best one matches say how something else is done
_OF_A_PHASE, _OF_A_SHEET = 2, 3  # steps
_FEWEST_STEPS, _FEWEST_PHASES = 4, 3
_LONGEST, _LESSON = 40, 35  # words
_SHORTEST = 4  # words: less is a title
_LESSONS, _DURATIONS = 3, 2
_LASTS = re.compile(
    r"\b(?:dur(?:e|ees?|ent|ait|era)|pendant|durant|au bout|en l espace|tout au long|lasted|weeks|months)\b"
)

# What each phase is told with, in folded text; the order is that of PHASES. A later word of the sentence may say more
# than the first: the phase with most words wins, then the one nearest to the step's place in its sheet.
_WORDS = tuple(
    re.compile(rf"\b(?:{words})")
    for words in (
        r"diagnostic|etat des lieux|prepar|cadrage|pilotage|concev|conception|definition|definir|benchmark|analyse des besoins|"
        r"etudes? (?:prealable|sociolog|urbain|de (?:contexte|cas))|constats?|identif|objectif|lancement|charte|reglement|equipe|comite|formation|former|recrut|partenaire|selectionn\w* (?:le|du) prestat",
        r"inform|communi|mobilis|invit|sensibilis|campagne|affich|appel a|tirage au sort|tires? au sort|aller vers|porte a porte|"
        r"rencontre|presentation|inscription|tract|courrier|reseaux sociaux|relais|stand|inaugur",
        r"recueil|atelier|questionnaire|debat|enquete|consult|concert|idees?\b|depot|contribution|propos|entretien|echange|"
        r"cafe|forum|reunion|marche|exploratoire|visite|ecoute|dialogue|sondage|temoign|plateforme|co construi|co construction|"
        r"coconstru|deliber|travail en groupe|groupes? de travail",
        r"vote|votation|voter|choix|choisi|decision|decid|arbitr|valid|selection|jury|priori|adopt|instruction|faisabilite|recevab|"
        r"etudes? (?:et amendement|des (?:projets|idees|propos)|technique|de faisab)|preselect|tri des|analyse des (?:idees|projets|propos)|scenario|synthese",
        r"realis|mise en (?:oeuvre|place|service)|travaux|construction\b(?! de propos)|lancement des travaux|execution|"
        r"experiment|amenage|deploi|concretis|chantier|creation",
        r"restitu|bilan|evaluation|evaluer|suivi|rendu|publi|retour|engagement|perenn|remise|communique|resultat|rapport",
    )
)


@dataclass(frozen=True)
class _Step:
    """A step of a hit with its phase."""

    hit: Hit
    line: Line
    phase: int
    worth: float


def draft_method(hits: Sequence[Hit], index: Index) -> Draft | None:
    """A method from the steps of the best sheets; None when they hold too few for one."""
    near = [hit for hit in hits if hit.sheet.kind == "practice" and hit.relevance >= _NEAR_BEST * hits[0].relevance]
    chosen = _choose([step for hit in near[:_SHEETS] for step in _read_steps(hit, hits[0])])
    if len(chosen) < _FEWEST_STEPS or len({step.phase for step in chosen}) < _FEWEST_PHASES:
        return None
    used = [hit for hit in near if any(step.hit is hit for step in chosen)]
    citations = Citations()
    blocks = [METHOD, _write_phases(chosen, citations)]
    blocks += _write_list(METHOD_DURATIONS, _find_durations(used), citations)
    blocks += _write_list(METHOD_LESSONS, _find_lessons(used), citations)
    blocks += [f"{METHOD_SHEETS}\n\n" + "\n".join(f"- {describe_sheet(hit.sheet, index)}" for hit in used)]
    sheets = tuple(hit.sheet.id for hit in used)
    return Draft(kind="method", text="\n\n".join(blocks), citations=citations.all(), sheets=sheets)


def _read_steps(hit: Hit, best: Hit) -> list[_Step]:
    """The steps of a hit. Those of a sheet that answers better are worth more."""
    lines = [line for line in read_lines(hit) if is_step(line) and len(line.text.split()) >= _SHORTEST]
    share = hit.relevance / best.relevance if best.relevance else 1.0
    return [
        _Step(hit, line, _find_phase(line, row / max(1, len(lines) - 1)), line.similarity + 0.2 * share)
        for row, line in enumerate(lines)
    ]


def _find_phase(line: Line, place: float) -> int:
    """The phase of a step: what its words say most of; of several the one nearest to its place (0 to 1) in its sheet."""
    said = fold(f"{line.dated} {line.text}")
    found = [list(words.finditer(said)) for words in _WORDS]
    first = min((each[0].start() for each in found if each), default=-1)
    # What a step is stands first: "Présentation publique des résultats du vote".
    hits = [len({match[0] for match in each}) + (bool(each) and each[0].start() == first) for each in found]
    usual = [abs(place - phase / (len(_WORDS) - 1)) for phase in range(len(_WORDS))]
    return min(range(len(_WORDS)), key=lambda phase: (-hits[phase] + 1.5 * usual[phase], phase))


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
    """Sentences that tell how long something took, one a sheet."""
    asked = Asked("duration")
    found = []
    for hit in hits:
        for line in read_lines(hit):
            for sentence in split_sentences(line.text) if line.passage.key not in ("porteur", "partenaires") else ():
                if _LASTS.search(fold(sentence)) and find_held(sentence, asked) and len(sentence.split()) <= _LONGEST:
                    found.append((hit, line, sentence))
    return list({hit.sheet.id: (hit, line, sentence) for hit, line, sentence in reversed(found)}.values())[::-1][
        :_DURATIONS
    ]


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
