"""Kind: what every form of answer says of itself, and what it is made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answers.bounds import keep_within
from assistant.answers.compared import Compared, find_compared
from assistant.answers.draft import Draft, Family, KindName
from assistant.answers.existence import find_nowhere
from assistant.answers.proofs import choose_proofs
from assistant.answers.there import keep_place
from assistant.finding.abstention import Abstention, Judgement, judge, read_models
from assistant.finding.aim import Aim, read_aim
from assistant.finding.answered import read_model, read_signs
from assistant.finding.excluded import leave_excluded
from assistant.finding.findings import Finding, find_sentences
from assistant.finding.glossed import find_gloss
from assistant.finding.missing import find_unshown
from assistant.finding.search import Sources
from assistant.finding.shown import asks_of_shown
from assistant.finding.taught import is_taught, read_asked, recall
from assistant.reading.reading import Reading
from assistant.reading.wanted import Wanted, WantedForm, read_wanted
from index.filters import Filters
from index.opened import Index
from index.ranking.retrieval import Hit

_FEW = 3  # words of a bare name: "budget participatif"
_AS_LIKELY = 0.5  # beside the best sentence of all
_ANSWERED = 0.85  # that a sentence answers
_LANGUAGE = "fr"  # of the sheets
_NOTHING_OWN = ("other", "card", "list")
_QUOTED = ("why", "who", "duration", "yesno", "advice", "figures", "examples", "method")


@dataclass(frozen=True)
class Case:
    """What an answer is made from: the reading of a question, the hits found for it, best first, and the sources.

    `further` are those after them: sentences of theirs may answer as well.
    """

    reading: Reading
    hits: Sequence[Hit]
    sources: Sources
    filters: Filters | None = None
    further: Sequence[Hit] = ()

    @property
    def index(self) -> Index:
        """The sheets that the reader may see."""
        return self.sources.index

    @cached_property
    def compared(self) -> Compared:
        """The practices that a comparison is about, none when none is asked for."""
        if not self.reading.form.comparison:
            return Compared()
        return find_compared(self.reading, list(self.hits), self.sources, self.filters)

    @cached_property
    def wanted(self) -> Wanted:
        """What the question wants to be told, and in which form."""
        return read_wanted(self.reading, self.sources.encoder)

    @property
    def wants(self) -> WantedForm:
        """The likeliest of the forms that quotes answer: what is counted, listed or defined is read by the grammar.

        What most likely asks for nothing of its own, as a bare name does, wants examples.
        """
        form = self.reading.form
        bare = form.card and not form.told and len(self.reading.asked.split()) <= _FEW
        if bare or self.wanted.form in _NOTHING_OWN:
            return "examples"
        return next(form for form in self.wanted.forms if form in _QUOTED)

    @property
    def likely(self) -> str:
        """ " (0,62)": how likely that form is, for staff."""
        return f" ({self.wanted.forms[self.wants]:.2f})".replace(".", ",")

    @cached_property
    def aim(self) -> Aim | None:
        """The fact that the question asks for, None when it asks for none."""
        return read_aim(self.reading, self.index)

    @cached_property
    def every(self) -> list[Hit]:
        """All hits that contradict nothing that a follow-up sets."""
        return [hit for hit in (*self.hits, *self.further) if hit.evidence.get("bounds", 0.0) >= 0]

    @cached_property
    def _within(self) -> list[Hit]:
        return keep_within(self.every, self.reading, self.index)

    @property
    def left_out(self) -> list[Hit]:
        """Those that the bounds of the question leave out."""
        within = {hit.sheet.id for hit in self._within}
        return [hit for hit in self.every if hit.sheet.id not in within]

    @cached_property
    def read(self) -> list[Finding]:
        """The sentences of all hits, those that answer first, by what they say."""
        hits = self._within
        if self.reading.fact:  # what happened in a place is told by its sheets
            hits = keep_place(hits, self.reading.understood, self.index)
        found = find_sentences(self.reading, self.wanted, hits or self.hits, self.index)
        found = leave_excluded(found, self.reading)
        of_shown = self.reading.link == "narrow" or asks_of_shown(self.reading)
        return _keep_shown(found, self.reading) if of_shown else found

    @cached_property
    def found(self) -> list[Finding]:
        """The same with what labelled questions taught of these sentences: to choose among them what is quoted.

        Whether anything answers, and which sheet did what is asked, is told by `read`: where nothing answers, what
        like questions were answered by seems to.
        """
        return recall(self.read, read_asked(self.reading, self.sources.encoder))

    @cached_property
    def gloss(self) -> Finding | None:
        """The sentence that says what the word means whose meaning is asked, where no note of the centre does."""
        return find_gloss(self.reading, self.found)

    @property
    def is_answered(self) -> bool:
        """Whether a sentence surely answers: a word that it lacks is a manner of speaking then, "barbants"."""
        return bool(self.found) and self.found[0].chance >= _ANSWERED

    @cached_property
    def nowhere(self) -> tuple[str, ...]:
        """The words asked about of which no sheet tells, none where a sentence surely answers without them."""
        if self.reading.link != "new" or self.is_answered:
            return ()
        cited = {each.hit.sheet.id: each.hit for each in choose_proofs(self.found)}
        return find_nowhere(self.reading, list(cited.values()), self.sources)

    @cached_property
    def answered(self) -> float | None:
        """How likely what was found answers at all, from 0 to 1, by what labelled questions taught of these sentences.

        None where that was not learned: of what follows others or says a name alone, in other languages than that of
        the sheets, and of sheets of which nothing was taught.
        """
        reading = self.reading
        learned = reading.link == "new" and not reading.form.card and reading.understood.language == _LANGUAGE
        if not learned or not is_taught(self.found, self.sources.encoder.name):
            return None
        cited = list({each.hit.sheet.id: each.hit for each in choose_proofs(self.found)}.values())
        lacking = bool(find_unshown(reading, cited, self.index, self.sources.encoder))
        detail = self.judgement.detail
        signs = read_signs(reading.asked, self.read, self.found, self.wanted, self.hits, detail=detail, lacking=lacking)
        return read_model().estimate(signs)

    @cached_property
    def judgement(self) -> Judgement:
        """Whether the hits answer, and how likely."""
        return judge(self.reading, self.hits, self.index, self.sources.encoder)

    @property
    def abstention(self) -> Abstention | None:
        """Why the hits do not answer, None when they do."""
        told = self.judgement.abstention
        return None if told and told.reason == "detail" and self.tells_team else told

    @property
    def tells_team(self) -> bool:
        """Whether staff are asked and the first sheet tells of its team, be it person by person."""
        aim = self.aim
        return aim is not None and aim.of_staff and has_team(self.hits[0])

    @property
    def chances(self) -> str:
        """ " (sujet : 0,97 pour 0,09 ; détail : 0,45 pour 0,28)": how likely it is that the hits answer, and how likely
        that must be; "" when it was not estimated.
        """
        models, judged = read_models(), self.judgement
        pairs = [
            ("sujet", judged.subject, models.subject.threshold),
            ("détail", judged.detail, models.detail.threshold),
        ]
        said = [f"{name} : {chance:.2f} pour {least:.2f}" for name, chance, least in pairs if chance is not None]
        return f" ({' ; '.join(said)})".replace(".", ",") if said else ""


def _keep_shown(found: list[Finding], reading: Reading) -> list[Finding]:
    """The sentences of the sheets shown before, which a question without a subject of its own asks about.

    All of them when sentences elsewhere answer it much better.
    """
    here = [each for each in found if each.hit.sheet.id in reading.shown]
    return here if here and here[0].chance >= _AS_LIKELY * found[0].chance else found


def has_team(hit: Hit) -> bool:
    """Whether a sheet has a section on its team."""
    return any(sentence.passage.role == "team" for sentence in hit.sentences)


@dataclass(frozen=True)
class Passed:
    """That a kind leaves a question to the next one, and why, in French: staff read it."""

    reason: str


@dataclass(frozen=True)
class Kind:
    """A form of answer: `draft` makes one, or passes.

    `label` is what staff read. `about_sheets` when it tells of practices; `dated` when it says that old ones may have
    ended; `exact` when it is computed or set side by side, so that a language model could only spoil it; `bounded`
    when it says which of the conditions asked the sheets shown do not meet; `judged` when people are asked what they
    think of it. `pointed` when it points at a figure, a date or a name of what it quotes, so that one sentence may
    answer two questions; `near` when what it quotes may only come near what is asked. `family` is what answers of
    several kinds are called outside, when it is not their own name.
    """

    name: KindName
    label: str
    draft: Callable[[Case], Draft | Passed]
    about_sheets: bool = True
    dated: bool = True
    exact: bool = False
    bounded: bool = False
    judged: bool = True
    pointed: bool = False
    near: bool = False
    family: Family | None = None
