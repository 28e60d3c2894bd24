"""Statements: what a language model writes is cut into sentences, and each is kept only with its proof."""

import re
from collections.abc import Sequence

from assistant.answers.draft import Citations
from assistant.checks.figures import find_figures
from assistant.checks.negation import inverts
from assistant.checks.proof import (
    Given,
    Source,
    choose_proof,
    count_gain,
    describe_context,
    hold_figures,
    is_supported,
    read_sources,
)
from assistant.checks.stated_names import are_named, find_names
from assistant.wording import escape, quote
from index.passages import Sentence
from index.signals.lexical import split_words

_MARK = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
# A sentence ends after its mark: "... en 2019. [1] La ville" and "... en 2019 [1]. La ville" alike. Marks are read in
# short runs: where a longer one ends, a short one does.
_MARKS = r"\[[\d ,;]{1,24}\]"
_BOUNDARY = re.compile(rf"\n+|(?:[.!?…](?:\s?{_MARKS}){{0,6}}+|(?:{_MARKS}){{1,6}}+\.?)[ \t]++(?=[^\s\[.])")
_MAY_BEGIN = ".!?…[]0123456789 ,;\t\n"  # what a boundary that is not whole yet is made of
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^)]{0,1000}\)")
_LINK = re.compile(r"(?<!!)\[([^\[\]\d][^\[\]]*)\]\([^)]{0,1000}\)")
_EMPHASIS = re.compile(r"[*`#|]+|(?<!\w)_+|_+(?!\w)")
_BULLET = re.compile(r"\s*(?:[-*•]|\d{1,2}[.)])\s+")
_CLOSE = 3  # sentences of a sheet nearest to the question


def cut_statements(text: str) -> tuple[list[str], str]:
    """The finished statements of a text that is still being written, and the rest of it."""
    return cut_further(text, 0)


def cut_further(text: str, read: int) -> tuple[list[str], str]:
    """The same for a text whose first characters were looked through before, and hold no boundary."""
    statements, start = [], 0
    for boundary in _BOUNDARY.finditer(text, read):
        statements.append(text[start : boundary.end()])
        start = boundary.end()
    return statements, text[start:]


def count_read(rest: str) -> int:
    """How many characters of the rest of a text need not be looked through again when more comes."""
    return len(rest.rstrip(_MAY_BEGIN))


def prove_statement(statement: str, passages: Sequence[Given], citations: Citations) -> str:
    """The statement in plain words with its marks renumbered, or "" when it is not proved.

    Proved: it cites passages that were given, and up to three sentences of one sheet hold each of its figures with
    what it counts, and most of its words; the passages or their sheets have each of its names; it denies nothing that
    they affirm, nor the reverse. These sentences are what is cited. Marks of passages that were not given are dropped.
    """
    bullet, words = _read_words(statement)
    chosen = _prove(words, _find_cited(statement, passages))
    if not chosen:
        return ""
    numbers = dict.fromkeys(_cite(source, citations) for source in chosen)
    body = words.rstrip(".!?…:; ")
    end = words[len(body) :].strip()
    return f"{bullet}{escape(body)} {''.join(f'[{number}]' for number in numbers)}{end}{_space_after(statement)}"


def _prove(words: str, cited: Sequence[Given]) -> list[Source]:
    """The sentences that prove a statement, of one sheet; or of several of which each proves all but the names, as
    "Rennes et Grenoble ont un budget participatif" needs: what one says is not to be said of another.
    """
    by_sheet: dict[str, list[Source]] = {}
    for given in cited:
        by_sheet.setdefault(given[1].sheet, []).extend(read_sources(given))
    figures, names = find_figures(words), find_names(words)
    stated = set(split_words(words))
    for sources in by_sheet.values():
        chosen = choose_proof(stated, figures, sources)
        if (
            _is_proved(words, names, chosen)
            and is_supported(stated, chosen)
            and hold_figures(stated, figures, chosen, sources)
        ):
            return chosen
    common = stated - set(split_words(" ".join(names)))
    each = [choose_proof(common, (), sources) for sources in by_sheet.values()]
    together = [source for chosen in each for source in chosen]
    agree = len(each) > 1 and not figures and all(is_supported(common, chosen) for chosen in each)
    return together if agree and _is_proved(words, names, together) else []


def _is_proved(words: str, names: list[str], chosen: Sequence[Source]) -> bool:
    """Whether the sheets have the names, and these sentences deny nothing of what is said, nor the reverse."""
    context = "\n".join(dict.fromkeys(describe_context(source) for source in chosen))
    return bool(chosen) and are_named(names, context) and not inverts(words, [source.text for source in chosen])


def quote_instead(statement: str, question: str, passages: Sequence[Given], citations: Citations) -> str:
    """The sentence that a statement which is not proved most likely rests on, in quotation marks; "" without one.

    It stands in a passage that the statement cites, shares words with it, and is about the question.
    """
    bullet, words = _read_words(statement)
    wanted, figures = set(split_words(words)), find_figures(words)
    sources = [
        source
        for given in _find_cited(statement, passages)
        for source in read_sources(given)
        if wanted & source.words and _is_on(question, source)
    ]
    best = max(sources, key=lambda source: count_gain(wanted, figures, source), default=None)
    return f"{bullet}{quote(escape(best.text), _cite(best, citations))}{_space_after(statement)}" if best else ""


def says_something(statement: str) -> bool:
    """Whether a statement tells more than "Voici quelques exemples :", that nobody misses."""
    _, words = _read_words(statement)
    return bool(split_words(words)) and not words.endswith(":")


def _read_words(statement: str) -> tuple[str, str]:
    """Its bullet, and its words without marks, images, links, tags nor emphasis: a model that repeats a poisoned sheet
    must not make the reader's browser act.
    """
    found = _BULLET.match(statement)
    bullet = found[0].strip() + " " if found else ""
    text = _LINK.sub(r"\1", _IMAGE.sub("", statement[found.end() :] if found else statement))
    return bullet, " ".join(re.sub(r"(?<!\s)\s+(?=[.,])", "", _EMPHASIS.sub("", _MARK.sub("", text))).split())


def _space_after(statement: str) -> str:
    """The space or line break before the next statement."""
    return statement[len(statement.rstrip()) :]


def _find_cited(statement: str, passages: Sequence[Given]) -> list[Given]:
    cited = [int(number) for mark in _MARK.findall(statement) for number in re.findall(r"\d+", mark)]
    return [passages[number - 1] for number in dict.fromkeys(cited) if 1 <= number <= len(passages)]


def _is_on(question: str, source: Source) -> bool:
    """Whether a sentence shares words with the question, beyond its sheet's name, or is among the nearest to it."""
    own = set(split_words(f"{source.hit.sheet.title} {source.hit.sheet.organisation}"))
    nearest = sorted(source.hit.sentences, key=lambda sentence: -sentence.similarity)[:_CLOSE]
    return bool((set(split_words(question)) - own) & source.words) or source.text in {each.text for each in nearest}


def _cite(source: Source, citations: Citations) -> int:
    return citations.cite(Sentence(source.passage, source.text, 0.0), source.hit.sheet.title)
