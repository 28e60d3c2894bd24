"""Near copies: sentences of sheets told almost as they stand, true, and the same with one thing changed, false.

Writers who are asked for true and false sentences change most of a true one and little of a false one: of the written
statements whose words are all said, 39 in 100 are true, and a model learns that a copy is a lie. These are made by
script, as many true as false, in the same ways.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.sentence import split_sentences
from language.parser import Token, parse

_SHORTEST, _LONGEST = 8, 40  # words
_FEWEST = 5  # of what is left of a sentence
_LABELLED = 0.35  # of the copies, told under the name of who carries the practice
_EXCHANGED = (
    ("tous les", "certains"), ("plusieurs", "la plupart des"), ("avant", "après"), ("premier", "dernier"),
    ("première", "dernière"), ("peuvent", "doivent"), ("peut", "doit"), ("avec", "sans"), ("plus de", "moins de"),
    ("habitants", "élus"), ("citoyens", "agents"), ("augmenté", "diminué"), ("grâce à", "malgré"),
    ("notamment", "uniquement"), ("chaque", "une seule"), ("puis", "mais d'abord"), ("la ville", "l'association"),
    ("ont souhaité", "ont refusé de"), ("permet de", "oblige à"), ("l'objectif est de", "le résultat a été de"),
    ("en ligne", "en mairie"), ("vise à", "a permis de"), ("jeunes", "retraités"),
    ("gratuit", "payant"), ("interne", "externe"),
)  # fmt: skip
_SAME = (
    ("afin de", "pour"), ("ainsi que", "et"), ("lors de", "pendant"), ("mis en place", "créé"),
    ("au sein de", "dans"), ("mise en place", "créée"), ("dans le cadre de", "lors de"),
    ("à destination des", "pour les"), ("près de", "environ"),
    ("a été lancé", "a commencé"), ("l'ensemble des", "tous les"), ("également", "aussi"), ("débute", "commence"),
)  # fmt: skip
_DENIED = (("a été", "n'a pas été"), ("ont été", "n'ont pas été"), ("est", "n'est pas"), ("sont", "ne sont pas"),
           ("permet", "ne permet pas"), ("ont pu", "n'ont pas pu"))  # fmt: skip


@dataclass(frozen=True)
class Copy:
    """A sentence with the passages that it is made of."""

    statement: str
    passages: tuple[tuple[str, str], ...]
    supported: bool
    kind: str


def make_copies(sheets: Mapping[str, Sequence[tuple[str, str]]], seed: int = 0) -> Iterator[tuple[str, Copy]]:
    """For each sheet, a list of its headings and texts, true and false copies of its sentences, as many of each."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    for name, passages in sheets.items():
        others = [sentence for _, text in passages for sentence in split_sentences(text)]
        for heading, text in passages:
            for sentence in split_sentences(text):
                if not _SHORTEST <= len(sentence.split()) <= _LONGEST or sentence.rstrip().endswith((":", "?")):
                    continue
                more = tuple(each for each in chance.sample(list(passages), min(1, len(passages))) if each[1] != text)
                cited = ((heading, text), *(more if chance.random() < 0.4 else ()))
                true = _recast(sentence, chance)
                false = _spoil(true, others, chance) if true else ""
                if not false:
                    continue
                above = _tell_carrier(heading) if chance.random() < _LABELLED else ""
                for told, supported in ((true, True), (false, False)):
                    yield name, Copy(_begin(f"{above}{told}"), cited, supported, "near copy")


def _recast(sentence: str, chance: random.Random) -> str:
    """The same told a little otherwise, and still true; "" when nothing is left of it."""
    told = sentence.strip().rstrip(".")
    for way in chance.sample((_move, _cut, _rename, _lighten), 2):
        told = way(told, chance) or told
    return f"{told}." if len(told.split()) >= _FEWEST else ""


def _tell_carrier(heading: str) -> str:
    """Who carries a practice, put before what is told of it, as models do in lists."""
    return f"{heading.split(' – ')[-2]} : " if heading.count(" – ") > 1 else ""


def _begin(text: str) -> str:
    return text[0].upper() + text[1:]


def _move(text: str, _: random.Random) -> str:
    """What stands before the first comma put last, or the last piece put first."""
    first, comma, rest = text.partition(", ")
    if comma and 2 <= len(first.split()) <= 6 and "," not in rest and first.split()[0] in _OPENERS:
        return f"{rest} {first[0].lower()}{first[1:]}"
    return ""


_OPENERS = {
    "En",
    "Dans",
    "Pour",
    "À",
    "Au",
    "Aux",
    "Depuis",
    "Lors",
    "Afin",
    "Après",
    "Avant",
    "Durant",
    "Pendant",
    "Chaque",
}


def _cut(text: str, _: random.Random) -> str:
    """Without what stands in brackets, or after the last comma."""
    bare = re.sub(r"\s*\([^()]*\)", "", text)
    if bare != text:
        return bare
    kept, comma, left = text.rpartition(", ")
    grave = ("mais", "sauf", "sans", "et", "ou", "si", "hors", "ainsi")
    return (
        kept
        if comma and len(kept.split()) >= 8 and left.strip() and left.split()[0] not in grave and ":" not in kept
        else ""
    )


def _rename(text: str, chance: random.Random) -> str:
    return _exchange(text, _SAME, chance, both=False)


def _lighten(text: str, _: random.Random) -> str:
    """Without an adverb that only insists."""
    return re.sub(
        r" (?:également|notamment|ainsi|particulièrement|étroitement|régulièrement|aussi) ", " ", text, count=1
    )


def _spoil(sentence: str, others: Sequence[str], chance: random.Random) -> str:
    """The sentence with one thing changed that makes it false; "" when none could be."""
    text = sentence.strip()
    for way in chance.sample((_swap_nouns, _swap_figures, _deny, _turn, _borrow_noun), 5):
        if (changed := way(text, others, chance)) and changed != text:
            return changed
    return ""


def _turn(text: str, _: Sequence[str], chance: random.Random) -> str:
    return _exchange(text, _EXCHANGED, chance, both=True)


def _deny(text: str, _: Sequence[str], chance: random.Random) -> str:
    return "" if re.search(r"\b(?:ne|n'|pas|sans)\b", text) else _exchange(text, _DENIED, chance, both=False)


def _exchange(text: str, pairs: Sequence[tuple[str, str]], chance: random.Random, *, both: bool) -> str:
    """One of two words put for the other."""
    ways = [(a, b) for a, b in pairs] + ([(b, a) for a, b in pairs] if both else [])
    plain = text.replace("’", "'")
    found = [(a, b) for a, b in ways if re.search(rf"\b{re.escape(a)}\b", plain)]
    if not found:
        return ""
    a, b = chance.choice(found)
    return re.sub(rf"\b{re.escape(a)}\b", b, plain, count=1)


def _swap_figures(text: str, others: Sequence[str], chance: random.Random) -> str:
    """Two figures of the sentence exchanged, or one put for another of the sheet as long as it."""
    own = list(re.finditer(r"\d+(?:[  ]\d{3})*", text))
    if len(own) >= 2 and own[0][0] != own[1][0]:
        a, b = own[0], own[1]
        return text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :]
    away = {each[0] for other in others for each in re.finditer(r"\d+(?:[  ]\d{3})*", other)} - {
        each[0] for each in own
    }
    alike = sorted(each for each in away if own and len(each) == len(own[0][0]))
    return text[: own[0].start()] + chance.choice(alike) + text[own[0].end() :] if alike else ""


def _nouns(text: str) -> list[tuple[str, Token]]:
    """The nouns that have an article, with it."""
    words = parse(text, "fr")
    articles = {word.head: text[word.start : word.end].lower() for word in words if word.role == "det"}
    return [(articles[row], word) for row, word in enumerate(words) if word.part == "NOUN" and row in articles]


def _swap_nouns(text: str, _: Sequence[str], chance: random.Random) -> str:
    """Two nouns with the same article exchanged, which are not told in one breath."""
    nouns = _nouns(text)
    pairs = [
        (a, b)
        for at, (article, a) in enumerate(nouns)
        for other, b in nouns[at + 1 :]
        if other == article and "conj" not in (a.role, b.role) and a.role != b.role
        if text[a.start : a.end].lower() != text[b.start : b.end].lower()
    ]
    if not pairs:
        return ""
    a, b = chance.choice(pairs)
    return text[: a.start] + text[b.start : b.end] + text[a.end : b.start] + text[a.start : a.end] + text[b.end :]


def _borrow_noun(text: str, others: Sequence[str], chance: random.Random) -> str:
    """A subject, object or agent put for a noun of another sentence of the sheet that has the same article."""
    nouns = [
        each
        for each in _nouns(text)
        if each[1].role in ("nsubj", "obj", "nsubj:pass", "obl:agent", "obl:arg", "obl:mod")
    ]
    other = chance.choice(others)
    away = [(article, other[word.start : word.end]) for article, word in _nouns(other)]
    ways = [
        (word, noun)
        for article, word in nouns
        for same, noun in away
        if same == article and noun.lower() not in text.lower()
    ]
    if not ways:
        return ""
    word, noun = chance.choice(ways)
    return text[: word.start] + noun + text[word.end :]
