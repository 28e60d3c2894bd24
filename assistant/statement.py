"""Statements: what a language model writes is cut into sentences, and each is kept only with its proof."""

import re
from collections.abc import Sequence

from assistant.draft import Citations
from index.lexical import split_words
from index.passage_index import Sentence
from index.retrieval import Hit
from ingest.passage import Passage
from ingest.sentence import split_sentences

_MARK = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
# A sentence ends after its mark: "... en 2019. [1] La ville" and "... en 2019 [1]. La ville" alike.
_BOUNDARY = re.compile(r"\n+|(?:[.!?…](?:\s?\[[\d ,;]+\])*|(?:\[[\d ,;]+\])+\.?)[ \t]+(?=[^\s\[.])")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"(?<!!)\[([^\]\d][^\]]*)\]\([^)]*\)")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0\u202f.](?=\d{3}(?!\d))")
_LEAST_SUPPORT = 0.5  # of a statement's words, found in the passages it cites


def cut_statements(text: str) -> tuple[list[str], str]:
    """The finished statements of a text that is still being written, and the rest of it."""
    statements, start = [], 0
    for boundary in _BOUNDARY.finditer(text):
        statements.append(text[start : boundary.end()])
        start = boundary.end()
    return statements, text[start:]


def prove_statement(statement: str, passages: Sequence[tuple[Hit, Passage]], citations: Citations) -> str:
    """The statement with its marks renumbered, or "" when it is not proved.

    Proved: it cites a passage that was given; each of its figures stands in a cited passage; half of its
    words at least do. Marks of passages that were not given are dropped.
    """
    cited = [int(number) for mark in _MARK.findall(statement) for number in re.findall(r"\d+", mark)]
    proofs = [passages[number - 1] for number in dict.fromkeys(cited) if 1 <= number <= len(passages)]
    words = re.sub(r"\s+(?=[.,])", "", _MARK.sub("", _clean(statement))).strip()
    if not proofs or not re.search(r"\w", words) or not _is_supported(words, proofs):
        return ""
    numbers = dict.fromkeys(_cite(words, hit, passage, citations) for hit, passage in proofs)
    body = words.rstrip(".!?…:; ")
    after = statement[len(statement.rstrip()) :]  # the space or line break before the next statement
    return f"{body} {''.join(f'[{number}]' for number in numbers)}{words[len(body) :].strip()}{after}"


def _clean(statement: str) -> str:
    """No image, no link, no tag: a model that repeats a poisoned sheet must not make the reader's browser act."""
    return _LINK.sub(r"\1", _IMAGE.sub("", statement)).replace("<", "\\<")


def _is_supported(words: str, proofs: Sequence[tuple[Hit, Passage]]) -> bool:
    text = "\n".join(f"{passage.heading}\n{passage.text}" for _, passage in proofs)
    if not _figures(words) <= _figures(text):
        return False
    stated = split_words(words)
    known = set(split_words(text))
    return not stated or sum(word in known for word in stated) >= _LEAST_SUPPORT * len(stated)


def _figures(text: str) -> set[str]:
    """The figures of a text in one writing: "47 000", "47.000" and "47000" are the same."""
    return {figure.replace(".", ",").rstrip(",") for figure in _FIGURE.findall(_THOUSANDS.sub("", text))}


def _cite(words: str, hit: Hit, passage: Passage, citations: Citations) -> int:
    """Cite the sentence of the passage that shares most with the statement."""
    wanted, figures = set(split_words(words)), _figures(words)

    def shared(sentence: str) -> int:
        return len(wanted & set(split_words(sentence))) + 3 * len(figures & _figures(sentence))

    best = max(split_sentences(passage.text), key=shared)
    return citations.cite(Sentence(passage, best, 0.0), hit.sheet.title)
