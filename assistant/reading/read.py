"""Read: the page that makes the reading of a question, by what it says itself and by the turns before it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.reading.asked import Asked, read_asked
from assistant.reading.asks import Ask, read_asks
from assistant.reading.carry import carry, compare_sizes
from assistant.reading.comparison import Comparison, read_comparison
from assistant.reading.counting import leave_figure, leave_names
from assistant.reading.declined import read_declined
from assistant.reading.follow_up import FollowUp, Link, points_at_shown, read_follow_up
from assistant.reading.form import Form, read_form
from assistant.reading.listed import Listed, read_among, read_listed
from assistant.reading.message import leave_courtesy, read_centre, read_courtesy, read_sheet_number, tidy_question
from assistant.reading.parts import read_parts
from assistant.reading.reading import Reading, Turn
from assistant.reading.remembered import recall
from assistant.reading.superlative import read_superlative
from assistant.reading.understanding import find_said, mend, understand
from index.encoding.budget import spend
from index.filters import Filters
from index.opened import Index
from index.signals.lexical import split_words
from index.understood import Understood
from ingest.repair import tidy
from ingest.sheet import Frozen, Sheet
from language.detection import is_small_word
from language.letters import fold
from language.shapes import LETTERS, PIECE
from language.text import Text, read_text

_FEW = 3  # words that count: a question of no more names no subject of its own
_LONGEST_TURN, _LONGEST_TOPIC = 500, 800  # characters of an earlier question, and of all that a subject is made of
_LISTED = 5  # sheets that an answer shows at most


class State(Frozen):
    """What a conversation is about: its subject in words, what was understood of it, the sheets of the last answer.

    `told` are all those shown since the subject is this one.
    """

    topic: str = ""
    understood: Understood = Understood()
    sheets: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def read_question(question: str, turns: Sequence[Turn], index: Index, ignored: Filters | None = None) -> Reading:
    """The reading of a question asked after these turns, oldest first."""
    return _read(question, _follow_turns(tuple(turns), index), ignored or Filters(), index)


def read_of_one(ask: Ask, message: str, sheet: str, turns: Sequence[Turn], index: Index) -> Reading:
    """The reading of one thing that a message, asked after these turns, asks of the practice of this sheet."""
    asked = Turn(query=message, sheets=(sheet,), shown=(sheet,))
    reading = read_question(ask.question, (*turns, asked), index)
    of_one = {"only": (sheet,), "single": True, "link": "ask", "unclear": False}
    alone = {"listed": None, "parts": (), "asks": ()}
    return reading.model_copy(update={"written": ask.written, **of_one, **alone})


def _follow_turns(turns: tuple[Turn, ...], index: Index) -> State:
    """The state after these turns; each is read once, and kept for the questions that follow."""
    if not turns:
        return State()
    return recall(index, turns, lambda: _advance(_follow_turns(turns[:-1], index), turns[-1], index))


def _read(question: str, state: State, ignored: Filters, index: Index) -> Reading:
    text = read_text(tidy_question(question))
    courtesy = read_courtesy(text)
    declined = None if courtesy else read_declined(text.written)
    if courtesy or declined:
        return Reading(
            written=text.written,
            asked=text.written,
            standalone=text.written,
            courtesy=courtesy,
            declined=declined,
            follow_up=FollowUp(link="new", text=text.written),
        )
    said = leave_courtesy(text)
    mended = read_text(mend(said.written, index.lexicon), said.language)
    return _complete(_place(mended, state, ignored, index), text.written, mended, index)


def _complete(placed: Reading, written: str, mended: Text, index: Index) -> Reading:
    """The reading with what the question asks for, whatever came before it."""
    asked, named = leave_names(read_text(placed.asked, mended.language))
    placed = placed.model_copy(update={"asked": asked.written})
    form = read_form(asked)
    again = form.counted_sheets and bool(placed.context)
    alone = not placed.context
    listed = None if placed.only or again else _read_listed(asked, form, placed.understood, index, alone=alone)
    if placed.context and (again or not placed.only) and form.counted is None and form.listed is None:
        context = read_text(placed.context)  # "et en Bretagne ?" after "combien de… ?"
        said = read_form(context).model_copy(update={"counted": None, "counted_sheets": True} if again else {})
        listed = read_listed(context, said, placed.understood, index, alone=False)
        if listed and again and listed.unsaid:  # "combien ont été réalisées ?" after a number of ideas counts no sheets
            listed = None
    if among := read_among(mended, placed.shown, index):  # what was asked before holds by the sheets that it found
        listed = among
        placed = placed.model_copy(update={"understood": understand(among.text, index.lexicon)})
    if listed and named:
        listed = listed.model_copy(update={"named": True})
    return placed.model_copy(
        update={
            "written": written,
            "form": form,
            "fact": _read_fact(asked, placed),
            "listed": listed,
            "comparison": read_comparison(asked) if form.comparison else Comparison(),
            "centre": read_centre(mended),
            "parts": () if listed and listed.figure else read_parts(mended),
            "asks": read_asks(mended),
        }
    )


def _read_listed(asked: Text, form: Form, understood: Understood, index: Index, *, alone: bool) -> Listed | None:
    """What is counted or listed; with the figure that is wanted of each, when there is one."""
    rest, figure = leave_figure(asked)
    if figure is not None and (listed := read_listed(rest, read_form(rest), understood, index, alone=alone)):
        return listed.model_copy(update={"figure": figure})
    return read_listed(asked, form, understood, index, alone=alone)


def _read_fact(asked: Text, placed: Reading) -> Asked | None:
    """The fact that is asked; "et combien à Bailleul ?" counts what the question before did."""
    fact = read_asked(asked, placed.understood.expansions)
    places = set(split_words(" ".join(place.name for place in placed.understood.places)))
    if fact is None or fact.quantity != "count" or {*fact.counted} - places or not placed.context:
        return fact
    before = read_asked(read_text(placed.context), placed.understood.expansions)
    return before if before and before.quantity == "count" else fact


def _place(question: Text, state: State, ignored: Filters, index: Index) -> Reading:
    """The question with what it holds on to."""
    written, follow_up = question.written, read_follow_up(question)
    alone = follow_up.text if state.topic else written
    understood = understand(alone, index.lexicon)
    blank = Reading(
        written=written,
        asked=alone,
        standalone=alone,
        follow_up=follow_up,
        understood=understood.less(ignored),
        shown=state.shown,
        focus=state.focus,
        near=state.sheets,
    )
    numbered = read_sheet_number(question)
    if numbered and not state.shown and index.find_sheet(numbered):
        return blank.model_copy(update={"only": (numbered,), "single": True, "link": "narrow"})
    if follow_up.needs > len(state.shown) and (state.shown or points_at_shown(question)):
        return blank.model_copy(update={"unclear": True})
    understood = compare_sizes(question, state.understood, understood, index.lexicon.population)
    link = _settle(follow_up, question, understood, state)
    if link == "new":
        return blank.model_copy(update={"understood": understood.less(ignored)})
    carried = carry(state.understood, understood).less(ignored)
    topic = _forget_replaced(state, carried, index) if link == "vary" else state.topic
    only = _find_only(written, follow_up, link, state, index)
    return blank.model_copy(
        update={
            "standalone": _write(follow_up.text, topic, only, index),
            "context": f"{topic} {follow_up.text}",
            "understood": carried,
            "favoured": () if link == "vary" and not only else _remaining(state.sheets, follow_up, state),
            "only": only,
            "left": state.told if follow_up.more else (),
            "single": follow_up.single or len(only) == 1,
            "link": link,
        }
    )


def _write(asked: str, topic: str, only: tuple[str, ...], index: Index) -> str:
    """The question with what it is about before it: one sheet's title, or the subject."""
    sheet = index.find_sheet(only[0]) if len(only) == 1 else None
    return f"{sheet.title} : {asked}" if sheet else f"{topic} {asked}"


def _settle(follow_up: FollowUp, question: Text, understood: Understood, state: State) -> Link:
    """The link of a question whose form may leave it open. A place tells the sheets apart: "en Savoie, combien ?"."""
    if not state.topic or read_centre(question) == "surely":
        return "new"
    if follow_up.link in ("ask", "vary") and (understood.places or _has_place(understood.filters)):
        return "narrow"
    if follow_up.link != "open":
        return "ask" if follow_up.link == "vary" and follow_up.asks and len(state.focus) == 1 else follow_up.link
    if follow_up.general:
        return "new"
    if state.focus:
        return "ask"
    return "narrow" if _count_words(follow_up.text, question.language) <= _FEW else "new"


def _count_words(text: str, language: str) -> int:
    """How many words of a text count; what is small in French never does, "how many" does not in English."""
    if language == "fr":
        return len(split_words(text))
    return len(split_words(" ".join(word for word in LETTERS.findall(text) if not is_small_word(word, language))))


def _has_place(filters: Filters) -> bool:
    return bool(filters.departement or filters.region)


def _find_only(question: str, follow_up: FollowUp, link: Link, state: State, index: Index) -> tuple[str, ...]:
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


def _remaining(sheets: tuple[str, ...], follow_up: FollowUp, state: State) -> tuple[str, ...]:
    """The sheets without those in focus when a question is about the others."""
    return tuple(sheet for sheet in sheets if not (follow_up.others and sheet in state.focus))


def _names(question: str) -> set[str]:
    """The words written with a capital letter inside a question, folded."""
    words = question.replace("’", " ").replace("'", " ").split()[1:]
    return {fold(word.strip(",.;:?!…«»()")) for word in words if word[0].isupper()}


def _own_words(sheet: Sheet) -> set[str]:
    return set(fold(f"{sheet.organisation} {sheet.title} {sheet.place.commune}").split())


def _forget_replaced(state: State, carried: Understood, index: Index) -> str:
    """The subject without the words of a constraint that another one replaces."""
    earlier = state.understood.filters
    replaced = [key for key in earlier.stated if earlier.values(key) != carried.filters.values(key)]
    if not replaced:
        return state.topic
    topic = tidy(state.topic)
    where = find_said(topic, index.lexicon)
    said = set().union(*(where[key] for key in replaced))
    kept = (word for word in PIECE.finditer(topic) if said.isdisjoint(range(*word.span())))
    return " ".join(word[0] for word in kept)


def _advance(state: State, turn: Turn, index: Index) -> State:
    """The state once a turn was answered. What narrows or asks leaves the subject as it was, and so does what found
    nothing or was not clear. A turn that was not answered by the sheets it would be asked of left the subject
    (finding/subject.py).
    """
    spend()
    question = tidy_question(turn.query)[:_LONGEST_TURN]
    mended = read_text(mend(question, index.lexicon))
    said = _place(mended, state, turn.ignored, index)
    sheets = tuple(sheet for sheet in turn.sheets if index.find_sheet(sheet))
    if read_courtesy(read_text(question)) or said.unclear or (not sheets and state.sheets):
        return state
    if said.only and sheets and sheets[0] not in said.only:
        said = _place(mended, State(), turn.ignored, index)
    shown = tuple(sheet for sheet in turn.shown if index.find_sheet(sheet)) or sheets[:_LISTED]
    one = len(shown) == 1 or read_superlative(mended) is not None  # what is most or least is shown first
    moved = said.link in ("new", "vary")
    before = () if said.link == "new" else state.told
    return State(
        topic=said.standalone[:_LONGEST_TOPIC] if moved else state.topic,
        understood=said.understood if moved else state.understood,
        sheets=sheets,
        shown=shown,
        focus=said.only or (sheets[:1] if said.single else ()) or (shown[:1] if one else ()),
        told=tuple(dict.fromkeys((*before, *shown))),
    )
