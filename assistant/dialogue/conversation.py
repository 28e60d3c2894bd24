"""Conversation: earlier turns and a question become what to search, by the question's form and what was shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.dialogue.carry import carry, compare_sizes
from assistant.dialogue.follow_up import FollowUp, Link, points_at_shown, read_follow_up
from assistant.question import is_small_talk, is_surely_about_centre, tidy_question
from index.encoding.budget import spend
from index.filters import Filters
from index.opened import Index
from index.signals.lexical import split_words
from index.understanding import Understood, find_said, understand
from ingest.repair import fold, tidy
from ingest.sheet import Frozen, Sheet

_FEW = 3  # words that count: a question of no more names no subject of its own
_LONGEST_TURN, _LONGEST_TOPIC = 500, 800  # characters of an earlier question, and of all that a subject is made of
_LISTED = 5  # sheets that an answer shows at most


# As staff name a sheet: "la fiche 29". Among the sheets of an answer, a number is a position.
_A_SHEET = re.compile(r"\bfiche (?:n[°o] ?|num[ée]ro )?(?P<id>\d{1,6})\b", re.IGNORECASE)


class Turn(Frozen):
    """An earlier turn: the question, the sheets found, best first, and those of them that the answer showed, if known.

    `ignored` are the filters that the person removed from what was understood.
    """

    query: str
    sheets: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    ignored: Filters = Filters()


class Standalone(Frozen):
    """What to search for a question, whatever came before it.

    `question` stands alone; `asked` is what was asked last, of what `context` tells when it is not empty. The
    question is surely about the sheets of `only`, if any, and more likely about those of `favoured`, best first.
    `single` when it is about one sheet, `unclear` when it points at one that was not shown. `shown` are those of the
    answer before, in its order, and `focus` those of them that the conversation was about.
    """

    question: str
    asked: str
    context: str = ""
    understood: Understood = Understood()
    favoured: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    single: bool = False
    unclear: bool = False
    link: Link = "new"
    shown: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()


class _State(Frozen):
    """What a conversation is about: its subject in words, what was understood of it, the sheets of the last answer."""

    topic: str = ""
    understood: Understood = Understood()
    sheets: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()


def make_standalone(question: str, history: Sequence[Turn], index: Index, ignored: Filters | None = None) -> Standalone:
    """What to search for a question asked after these turns, oldest first."""
    state = _State()
    for turn in history:
        spend()
        short = turn.model_copy(update={"query": tidy_question(turn.query)[:_LONGEST_TURN]})
        if not is_small_talk(short.query):
            state = _advance(state, _follow(short.query, state, short.ignored, index), short, index)
    return _follow(question, state, ignored or Filters(), index)


def _follow(question: str, state: _State, ignored: Filters, index: Index) -> Standalone:
    follow_up = read_follow_up(question)
    understood = understand(question, index.lexicon)
    numbered = _A_SHEET.search(question)
    if numbered and not state.shown and index.find_sheet(numbered["id"]):
        return Standalone(
            question=question, asked=question, understood=understood, only=(numbered["id"],), single=True, link="narrow"
        )
    if follow_up.needs > len(state.shown) and (state.shown or points_at_shown(question)):
        return Standalone(question=question, asked=question, understood=understood, unclear=True, shown=state.shown)
    understood = compare_sizes(question, state.understood, understood, index.lexicon.population)
    link = _settle(follow_up, question, understood, state)
    if link == "new":
        text = follow_up.text if state.topic else question
        return Standalone(
            question=text, asked=text, understood=understood.less(ignored), shown=state.shown, focus=state.focus
        )
    carried = carry(state.understood, understood).less(ignored)
    topic = _forget_replaced(state, carried, index) if link == "vary" else state.topic
    only = _find_only(question, follow_up, link, state, index)
    return Standalone(
        question=_write(follow_up.text, topic, only, index),
        asked=follow_up.text,
        context=f"{topic} {follow_up.text}",
        understood=carried,
        favoured=() if link == "vary" and not only else _remaining(state.sheets, follow_up, state),
        only=only,
        single=follow_up.single or len(only) == 1,
        link=link,
        shown=state.shown,
        focus=state.focus,
    )


def _write(asked: str, topic: str, only: tuple[str, ...], index: Index) -> str:
    """The question with what it is about before it: one sheet's title, or the subject."""
    sheet = index.find_sheet(only[0]) if len(only) == 1 else None
    return f"{sheet.title} : {asked}" if sheet else f"{topic} {asked}"


def _settle(follow_up: FollowUp, question: str, understood: Understood, state: _State) -> Link:
    """The link of a question whose form may leave it open. A place tells the sheets apart: "en Savoie, combien ?"."""
    if not state.topic or is_surely_about_centre(question):
        return "new"
    if follow_up.link in ("ask", "vary") and (understood.places or _has_place(understood.filters)):
        return "narrow"
    if follow_up.link != "open":
        return follow_up.link
    if follow_up.general:
        return "new"
    if state.focus:
        return "ask"
    return "narrow" if len(split_words(follow_up.text)) <= _FEW else "new"


def _has_place(filters: Filters) -> bool:
    return bool(filters.departement or filters.region)


def _find_only(question: str, follow_up: FollowUp, link: Link, state: _State, index: Index) -> tuple[str, ...]:
    """The sheets that a question surely points at: by position, by name, or because it asks about what was shown."""
    if follow_up.position:
        row = follow_up.position - 1 if follow_up.position > 0 else len(state.shown) - 1
        return state.shown[row : row + 1]
    if follow_up.others:
        others = _remaining(state.shown, follow_up, state)
        return others if len(others) == 1 else ()
    names = _names(question)
    sheets = [sheet for sheet in map(index.find_sheet, state.sheets) if sheet]
    named = tuple(sheet.id for sheet in sheets if names & _own_words(sheet))
    if named and len(named) < max(2, len(sheets) // 2):  # a name that most sheets bear tells nothing
        return named
    return (state.focus or state.shown) if link == "ask" else ()


def _remaining(sheets: tuple[str, ...], follow_up: FollowUp, state: _State) -> tuple[str, ...]:
    """The sheets without those in focus when a question is about the others."""
    return tuple(sheet for sheet in sheets if not (follow_up.others and sheet in state.focus))


def _names(question: str) -> set[str]:
    """The words written with a capital letter inside a question, folded."""
    words = question.replace("’", " ").replace("'", " ").split()[1:]
    return {fold(word.strip(",.;:?!…«»()")) for word in words if word[0].isupper()}


def _own_words(sheet: Sheet) -> set[str]:
    return set(fold(f"{sheet.organisation} {sheet.title} {sheet.place.commune}").split())


def _forget_replaced(state: _State, carried: Understood, index: Index) -> str:
    """The subject without the words of a constraint that another one replaces."""
    earlier = state.understood.filters
    replaced = [key for key in earlier.stated if earlier.values(key) != carried.filters.values(key)]
    if not replaced:
        return state.topic
    topic = tidy(state.topic)
    where = find_said(topic, index.lexicon)
    said = set().union(*(where[key] for key in replaced))
    kept = (word for word in re.finditer(r"\S+", topic) if said.isdisjoint(range(*word.span())))
    return " ".join(word[0] for word in kept)


def _advance(state: _State, said: Standalone, turn: Turn, index: Index) -> _State:
    """The state once a turn was answered. What narrows or asks leaves the subject as it was, and so does what found
    nothing or was not clear. A turn that was not answered by the sheets it would be asked of left the subject
    (subject.py).
    """
    sheets = tuple(sheet for sheet in turn.sheets if index.find_sheet(sheet))
    if said.unclear or (not sheets and state.sheets):
        return state
    if said.only and sheets and sheets[0] not in said.only:
        said = _follow(turn.query, _State(), turn.ignored, index)
    shown = tuple(sheet for sheet in turn.shown if index.find_sheet(sheet)) or sheets[:_LISTED]
    moved = said.link in ("new", "vary")
    return _State(
        topic=said.question[:_LONGEST_TOPIC] if moved else state.topic,
        understood=said.understood if moved else state.understood,
        sheets=sheets,
        shown=shown,
        focus=said.only or (sheets[:1] if said.single else ()) or (shown if len(turn.shown) == 1 else ()),
    )
