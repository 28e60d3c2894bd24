"""Proofreading: lets through what is proved of a text that a language model is writing, statement by statement."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from assistant.answers.draft import Citations
from assistant.checks.checker import Checker, Doubt, Judged, Proof, Why, lacks_name
from assistant.checks.figures import find_figures, is_small
from assistant.checks.given import Given
from assistant.checks.statement import (
    add_marks,
    count_read,
    cut_further,
    find_cited,
    read_words,
    says_something,
    write_statement,
)
from assistant.checks.verification import lacks_proof
from assistant.wording import describe_place, escape, quote
from assistant.wording.written import tell_doubt
from index.passages import Sentence
from index.signals.lexical import split_words
from ingest.sentence import split_sentences
from language.grammar import Grammar
from language.text import ANY, read_text

# Beyond this a text is no answer, and what checks it would keep a processor busy: the rest of it is left out.
LONGEST_STATEMENT = 800  # characters
_TOO_LONG = "x" * (LONGEST_STATEMENT + 1)  # stands for what is read past until it ends
_MOST_STATEMENTS = 60
_LONGEST_CHECK = 4.0  # seconds of processor for a whole text, which takes a third of that
_LONGEST_SECOND = 20.0  # seconds of the second stage: what comes later stays doubtful
_CLAIM = Grammar("claim")
_TOLD = 0.7  # of the words of what is said not to be told
_ALIKE = 0.5  # of the words of a sentence without a mark, in the one that is quoted beside it
_LONGEST_OWN = 25  # words of a sentence without a mark
_TAG = re.compile(r"(?:passage|question|avant)-[0-9a-f]{8}")  # what a model is given stands between these
_RUN = 6  # words in a row that are the rules' own
_UNCITED = 3  # passages that a statement without a mark is compared with
_CLOSE = 3  # sentences of a sheet nearest to the question


@dataclass(frozen=True)
class Judging:
    """How a text is judged: by which checker, whether doubtful sentences are replaced by the sheets' own when `strict`,
    the language of what is said around them, the `rules` that the model was given, which it may not repeat, and whether
    what is doubtful is `reviewed`: from the first of it on, a text then waits for `Proofreader.settle`.
    """

    checker: Checker
    strict: bool = False
    language: str = "fr"
    rules: str = ""
    reviewed: bool = False


@dataclass(frozen=True)
class _Weighed:
    """A statement with its words and what it is judged against; without a judgement it is left out, or `is_own`."""

    statement: str
    words: str = ""
    cited: Sequence[Given] = ()
    judged: Judged | None = None
    is_own: bool = False
    is_marked: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a second stage may confirm it."""
        return self.judged is not None and self.judged.is_open

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """The sentences nearest to it."""
        return self.judged.proofs if self.judged else ()

    def confirm(self, why: Why) -> _Weighed:
        """The same, confirmed by a second stage."""
        return replace(self, judged=self.judged and self.judged.confirm(why))


class Proofreader:
    """Reads a text piece by piece, in a time that grows as its length; what it has let through is never taken back.

    A confirmed statement stands as it is written, with the sentences that prove it. A doubtful one is marked as the
    assistant's wording, with the sheet's sentence beside it; when `strict`, that sentence alone stands. A contradicted
    one gives way to the sentence that it rests on, or is left out; so does one whose figures no citation of it proves.
    A sentence that states no fact and cites nothing is the assistant's own, in italics; one that does is judged by the
    passages nearest to it. Quotes and own words wait for a first statement: without one, nothing of the text
    is worth showing. What repeats the rules that the model was given, or its tags, is left out.
    """

    def __init__(
        self,
        question: str,
        passages: Sequence[Given],
        citations: Citations,
        judging: Judging,
    ) -> None:
        self._question, self._passages, self._citations = question, passages, citations
        self._judging, self._rules = judging, _runs(judging.rules)
        self._rest = ""  # of what was written, not yet a whole statement
        self._read = 0  # characters of the rest in which no statement ends
        self._checked, self._spent, self._reconsidered = 0, 0.0, 0.0
        self._waiting: list[_Weighed] = []
        self._gap = ""  # the space before what comes next
        self._begun = False
        self._held = ""
        self._quotes: set[str] = set()
        self.proved = self.doubtful = self.removed = self.quoted = self.own = 0

    def read(self, piece: str) -> str:
        """What may be shown now that this piece was written; it has no space at its end."""
        return self.check(self.cut(piece))

    def cut(self, piece: str) -> list[str]:
        """The statements that end with this piece, for `check`: a moment's work, where checking takes longer."""
        statements, rest = cut_further(self._rest + piece, self._read)
        self._rest = rest if len(rest) <= LONGEST_STATEMENT else _TOO_LONG
        self._read = count_read(self._rest)
        return statements

    def check(self, statements: Sequence[str]) -> str:
        """What may be shown of these statements."""
        return "".join(self._check_in_time(statement) for statement in statements)

    def finish(self) -> str:
        """What may be shown of the rest, now that nothing more comes."""
        rest, self._rest = self._rest, ""
        return self._check_in_time(rest)

    @property
    def doubts(self) -> list[Doubt]:
        """What waits for a review, in its order."""
        return [Doubt(each.words, _write_passages(each.cited)) for each in self._waiting if each.is_open]

    def settle(self, confirmed: Collection[int] = ()) -> str:
        """What may be shown of what waited, now that these of the `doubts`, by their rows, were confirmed."""
        waiting, self._waiting = self._waiting, []
        shown, row = "", 0
        for each in waiting:
            is_confirmed = each.is_open and row in confirmed
            row += each.is_open
            shown += self._tell(each.confirm("review") if is_confirmed else each)
        return shown

    def _check_in_time(self, statement: str) -> str:
        """The same as `_check`, as long as the text is one that an answer can be; what is not is left out."""
        if not statement.strip():
            return self._tell_in_turn(_Weighed(statement))
        self._checked += 1
        is_usual = len(statement) <= LONGEST_STATEMENT and self._checked <= _MOST_STATEMENTS
        if not is_usual or self._spent > _LONGEST_CHECK:
            self.removed += 1
            return self._tell_in_turn(_Weighed(statement[len(statement.rstrip()) :]))
        started = time.thread_time()
        weighed = self._weigh(statement)
        self._spent += time.thread_time() - started
        if weighed.is_open and self._reconsidered < _LONGEST_SECOND:
            started = time.monotonic()
            weighed = self._reconsider(weighed)
            self._reconsidered += time.monotonic() - started
        return self._tell_in_turn(weighed)

    def _weigh(self, statement: str) -> _Weighed:
        _, words = read_words(statement)
        if self._rules & _runs(words) or _TAG.search(words):
            return _Weighed(statement)
        cited = [self._passages[number - 1] for number in find_cited(statement) if number <= len(self._passages)]
        if not cited and self._is_own(statement, words):
            return _Weighed(statement, words, is_own=True)
        near = cited or self._find_near(words)
        judged = self._judging.checker.weigh(words, _write_passages(near), _tell_known(near))
        return _Weighed(statement, words, near, judged, is_marked=bool(cited))

    def _reconsider(self, weighed: _Weighed) -> _Weighed:
        assert weighed.judged is not None
        passages = _write_passages(weighed.cited)
        return replace(weighed, judged=self._judging.checker.reconsider(weighed.judged, weighed.words, passages))

    def _tell_in_turn(self, weighed: _Weighed) -> str:
        """What may be shown of a statement, after those that wait for a review."""
        if self._judging.reviewed and (self._waiting or weighed.is_open):
            self._waiting.append(weighed)
            return ""
        return self._tell(weighed)

    def _tell(self, weighed: _Weighed) -> str:
        statement, judged = weighed.statement, weighed.judged
        if weighed.is_own:
            self.own += 1
            return self._hold(write_statement(statement, f"*{escape(weighed.words)}*"))
        if judged is None:
            return self._leave_out(statement)
        is_about = weighed.is_marked or _is_about(weighed)
        if is_about and judged.verdict == "confirmed" and (told := self._cite_soundly(weighed, self._write_confirmed)):
            self.proved += 1
            return self._release(told)
        if is_about and self._may_doubt(weighed) and (told := self._cite_soundly(weighed, self._write_doubtful)):
            self.proved += 1
            self.doubtful += 1
            return self._release(told)
        quoted = self._quote(weighed)
        if not quoted or quoted in self._quotes:
            return self._leave_out(statement)
        self._quotes.add(quoted)
        self.quoted += 1
        return self._hold(write_statement(statement, quoted))

    def _cite_soundly(self, weighed: _Weighed, write: Callable[[_Weighed, Citations], str]) -> str:
        """What is written of a statement with its citations; "" where they do not prove each of its figures."""
        trial = Citations()  # a citation that is made is shown: these are not
        if lacks_proof(write(weighed, trial), trial.all(), (passage for _, passage in weighed.cited)):
            return ""
        return write(weighed, self._citations)

    def _write_confirmed(self, weighed: _Weighed, citations: Citations) -> str:
        return write_statement(weighed.statement, add_marks(weighed.words, _cite(weighed, citations)))

    def _write_doubtful(self, weighed: _Weighed, citations: Citations) -> str:
        """The assistant's wording, with the marks of what proves its figures and names, and what the sheet says."""
        words, (first, *further) = weighed.words.rstrip(".!?…:; "), weighed.proofs
        body = add_marks(words, _cite(weighed, citations)) if further else escape(words)
        quoted = quote(escape(first.sentence), _cite_one(first, weighed, citations))
        return write_statement(weighed.statement, f"{body} {tell_doubt(quoted, self._judging.language)}.")

    def _may_doubt(self, weighed: _Weighed) -> bool:
        """Whether a statement may stand beside the sheet's sentence: its figures and names are those of the passages,
        and that sentence is on the question.
        """
        judged = weighed.judged
        if judged is None or judged.verdict == "contradicted" or judged.why == "figure" or self._judging.strict:
            return False
        return bool(judged.proofs) and self._is_on(judged.proofs[0], weighed.cited)

    def _leave_out(self, statement: str) -> str:
        self.removed += says_something(statement)
        self._widen_gap(statement)
        return ""

    def _is_own(self, statement: str, words: str) -> bool:
        """Whether a sentence without a mark is the assistant's own: a short one that states no figure and no name but
        those asked, and tells nothing of practices, nor that the sheets do not tell what they do.
        """
        figures = [each for each in find_figures(words) if not is_small(each)]
        asked = {*find_figures(self._question)}
        stated = any(each not in asked for each in figures) or lacks_name(words, self._question)
        if not words or stated or len(words.split()) > _LONGEST_OWN:
            return False
        if _CLAIM.has("silence", words):
            return not self._is_told(words)
        return not says_something(statement) or self._judging.checker.is_own(words)

    def _is_told(self, words: str) -> bool:
        """Whether a sentence of the passages has most words of one that says that they do not tell it."""
        stems = set(split_words(_CLAIM.without("silence", read_text(words, ANY)).written))
        sentences = (sentence for _, passage in self._passages for sentence in split_sentences(passage.text))
        return any(len(stems & set(split_words(each))) >= _TOLD * max(1, len(stems)) for each in sentences)

    def _find_near(self, words: str) -> list[Given]:
        """The passages that share most words with a statement that cites none."""
        stems = set(split_words(words))
        ranked = sorted(self._passages, key=lambda given: -len(stems & set(split_words(given[1].text))))
        return ranked[:_UNCITED]

    def _quote(self, weighed: _Weighed) -> str:
        """The sentence that a statement most likely rests on, in quotation marks; "" when it is not on the question."""
        for proof in weighed.proofs[:1]:
            if self._is_on(proof, weighed.cited):
                return quote(escape(proof.sentence), _cite_one(proof, weighed, self._citations))
        return ""

    def _is_on(self, proof: Proof, cited: Sequence[Given]) -> bool:
        """Whether a sentence shares words with the question, beyond its sheet's name, or is among the nearest to it."""
        hit, _ = cited[proof.passage]
        own = set(split_words(f"{hit.sheet.title} {hit.sheet.organisation}"))
        nearest = sorted(hit.sentences, key=lambda sentence: -sentence.similarity)[:_CLOSE]
        shared = (set(split_words(self._question)) - own) & set(split_words(proof.sentence))
        return bool(shared) or proof.sentence in {each.text for each in nearest}

    def _release(self, text: str) -> str:
        """A statement, after what waited for one."""
        shown, self._held = self._held + self._after_gap(text), ""
        return shown

    def _hold(self, text: str) -> str:
        """What waits for a first statement, or is shown after it."""
        shown = self._after_gap(text)
        if not self.proved:
            self._held, shown = self._held + shown, ""
        return shown

    def _after_gap(self, text: str) -> str:
        gap, self._gap, self._begun = self._gap, "", True
        shown = gap + text.rstrip()
        self._widen_gap(text)
        return shown

    def _widen_gap(self, text: str) -> None:
        """Keep the space that ends a text for what follows: a paragraph stays one when its end is left out."""
        space = re.sub(r"\n{2,}", "\n\n", text[len(text.rstrip()) :])
        if self._begun:
            self._gap = max(self._gap, space, key=lambda each: (each.count("\n"), len(each)))


def _cite(weighed: _Weighed, citations: Citations) -> list[int]:
    return list(dict.fromkeys(_cite_one(proof, weighed, citations) for proof in weighed.proofs))


def _cite_one(proof: Proof, weighed: _Weighed, citations: Citations) -> int:
    hit, passage = weighed.cited[proof.passage]
    return citations.cite(Sentence(passage, proof.sentence, 0.0), hit.sheet.title)


def _is_about(weighed: _Weighed) -> bool:
    """Whether the sentences nearest to a statement are about the same: the model did not cite them itself."""
    stems = set(split_words(weighed.words))
    said = set(split_words(" ".join(proof.sentence for proof in weighed.proofs)))
    return len(stems & said) >= _ALIKE * max(1, len(stems))


def _write_passages(cited: Sequence[Given]) -> list[tuple[str, str]]:
    return [(passage.heading, passage.text) for _, passage in cited]


def _tell_known(cited: Sequence[Given]) -> str:
    return "\n".join(f"{hit.sheet.organisation}\n{describe_place(hit.sheet)}" for hit, _ in cited)


def _runs(text: str) -> set[tuple[str, ...]]:
    """The runs of words of a text."""
    words = read_text(text, ANY).words.split()
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
