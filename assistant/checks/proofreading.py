"""Proofreading: lets through what is proved of a text that a language model is writing, statement by statement."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers.draft import Citations
from assistant.checks.checker import Checker, Judged, Proof, lacks_name
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
_CLAIM = Grammar("claim")
_TOLD = 0.7  # of the words of what is said not to be told
_LONGEST_OWN = 25  # words of a sentence without a mark
_TAG = re.compile(r"(?:passage|question|avant)-[0-9a-f]{8}")  # what a model is given stands between these
_RUN = 6  # words in a row that are the rules' own
_UNCITED = 3  # passages that a statement without a mark is compared with
_CLOSE = 3  # sentences of a sheet nearest to the question


@dataclass(frozen=True)
class Judging:
    """How a text is judged: by which checker, whether doubtful sentences are replaced by the sheets' own when `strict`,
    the language of what is said around them, and the `rules` that the model was given, which it may not repeat.
    """

    checker: Checker
    strict: bool = False
    language: str = "fr"
    rules: str = ""


class Proofreader:
    """Reads a text piece by piece, in a time that grows as its length; what it has let through is never taken back.

    A confirmed statement stands as it is written, with the sentences that prove it. A doubtful one is marked as the
    assistant's wording, with the sheet's sentence beside it; when `strict`, that sentence alone stands. A contradicted
    one gives way to the sentence that it rests on, or is left out. A sentence that states no fact and cites nothing is
    the assistant's own, in italics. Quotes and own words wait for a first statement: without one, nothing of the text
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
        self._checked, self._spent = 0, 0.0
        self._gap = ""  # the space before what comes next
        self._begun = False
        self._held = ""
        self._quotes: set[str] = set()
        self.proved = self.doubtful = self.removed = self.quoted = 0

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

    def _check_in_time(self, statement: str) -> str:
        """The same as `_check`, as long as the text is one that an answer can be; what is not is left out."""
        if not statement.strip():
            self._widen_gap(statement)
            return ""
        self._checked += 1
        is_usual = len(statement) <= LONGEST_STATEMENT and self._checked <= _MOST_STATEMENTS
        if not is_usual or self._spent > _LONGEST_CHECK:
            self.removed += 1
            self._widen_gap(statement[-2:])
            return ""
        started = time.thread_time()
        shown = self._check(statement)
        self._spent += time.thread_time() - started
        return shown

    def _check(self, statement: str) -> str:
        _, words = read_words(statement)
        if self._rules & _runs(words) or _TAG.search(words):
            return self._leave_out(statement)
        numbers = [number for number in find_cited(statement) if number <= len(self._passages)]
        if not numbers and (own := self._write_own(statement, words)):
            return self._hold(own)
        cited = [self._passages[number - 1] for number in numbers if number] or self._find_near(words)
        judged = self._judge(words, cited)
        if judged.verdict == "confirmed":
            self.proved += 1
            return self._release(write_statement(statement, add_marks(words, self._cite(judged.proofs, cited))))
        quoted = self._quote(judged, cited)
        is_proved = judged.why == "meaning"  # its figures, one by one: a rounded one is left to the sheet's own words
        if judged.verdict == "doubtful" and is_proved and quoted and numbers and not self._judging.strict:
            self.proved += 1
            self.doubtful += 1
            # What is beside it is proved; the figures and names of the wording are those of the passages.
            body = escape(words.rstrip(".!?…:; "))
            return self._release(write_statement(statement, f"{body} {tell_doubt(quoted, self._judging.language)}."))
        if not quoted or quoted in self._quotes:
            return self._leave_out(statement)
        self._quotes.add(quoted)
        self.quoted += 1
        return self._hold(write_statement(statement, quoted))

    def _leave_out(self, statement: str) -> str:
        self.removed += says_something(statement)
        self._widen_gap(statement)
        return ""

    def _judge(self, words: str, cited: Sequence[Given]) -> Judged:
        known = "\n".join(f"{hit.sheet.organisation}\n{describe_place(hit.sheet)}" for hit, _ in cited)
        return self._judging.checker.judge(words, [(passage.heading, passage.text) for _, passage in cited], known)

    def _write_own(self, statement: str, words: str) -> str:
        """A sentence of the assistant's own in italics: a short one that states no figure and no name but those asked,
        nor that the sheets do not tell what they do; "" for what must be proved.
        """
        figures = [each for each in find_figures(words) if not is_small(each)]
        asked = {*find_figures(self._question)}
        stated = any(each not in asked for each in figures) or lacks_name(words, self._question)
        if not words or stated or len(words.split()) > _LONGEST_OWN:
            return ""
        if _CLAIM.has("silence", words) and self._is_told(words):
            return ""
        return write_statement(statement, f"*{escape(words)}*")

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

    def _cite(self, proofs: Sequence[Proof], cited: Sequence[Given]) -> list[int]:
        return list(dict.fromkeys(self._cite_one(proof, cited) for proof in proofs))

    def _cite_one(self, proof: Proof, cited: Sequence[Given]) -> int:
        hit, passage = cited[proof.passage]
        return self._citations.cite(Sentence(passage, proof.sentence, 0.0), hit.sheet.title)

    def _quote(self, judged: Judged, cited: Sequence[Given]) -> str:
        """The sentence that a statement most likely rests on, in quotation marks; "" when it is not on the question."""
        for proof in judged.proofs[:1]:
            if self._is_on(proof, cited):
                return quote(escape(proof.sentence), self._cite_one(proof, cited))
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


def _runs(text: str) -> set[tuple[str, ...]]:
    """The runs of words of a text."""
    words = read_text(text, ANY).words.split()
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
