"""Recast: where a statement has the words of its sources, whether they hang together as there, and what was left out
or added around them: who does what, an aim, a condition, "only", a figure that counts another thing, a name of another
practice. Signs for the fitted model, as those of `signs.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assistant.checks.alignment import ACTORS, ROLES, Alignment, climb_up, count_steps
from assistant.checks.figures import Figure, is_proof
from assistant.checks.negation import denies
from assistant.checks.passage_text import ReadText
from assistant.checks.stated_names import are_named, find_names
from language.grammar import Grammar
from language.text import read_text

_CLAIM = Grammar("claim")
_SCOPES = ("all", "some", "only", "most", "always", "may", "must", "aim", "plan", "condition", "before", "after")
_HELD = frozenset({"det", "advmod", "mark", "case", "aux", "cop", "fixed", "aux:pass", "nsubj", "expl:subj"})
_NEAR, _FAR = 2, 3  # steps between words that hang together, and from which on they do not
_PARTS = {"verbs": ("VERB",), "nouns": ("NOUN", "PROPN"), "others": ("ADJ", "ADV", "NUM")}
_AROUND = 4  # words on each side of a figure
_DEEPEST = 4  # words above a verb that may bind it


def read_recast(aligned: Alignment) -> dict[str, float]:
    """The signs by name."""
    near = [aligned.passages.sentences[row] for row in dict.fromkeys(aligned.best)]
    return {
        **_words(aligned, near),
        **_links(aligned.statement, near),
        **_scopes(aligned, near),
        **_figures(aligned),
        **_names(aligned),
    }


def _words(aligned: Alignment, near: Sequence[ReadText]) -> dict[str, float]:
    """How many words of each part of speech the sources do not have, and how many of theirs hang on shared ones."""
    statement = aligned.statement
    above = frozenset().union(*(each.stems for each in aligned.passages.headings))
    said = frozenset().union(*(each.stems for each in near)) | above
    source = near[0]
    unsaid = [row for row in statement.content if not statement.word_stems[row] <= said]
    one = [row for row in statement.content if not statement.word_stems[row] <= (source.stems | above)]
    left = [row for row in source.content if not source.word_stems[row] <= statement.stems]
    hanging = [row for row in left if source.word_stems[source.words[row].head] & statement.stems]
    return {
        "said": 1 - len(unsaid) / len(statement.content),
        "said by one": 1 - len(one) / len(statement.content),
        **{f"unsaid {name}": float(_count(statement, unsaid, parts)) for name, parts in _PARTS.items()},
        **{f"left {name}": float(_count(source, hanging, parts)) for name, parts in _PARTS.items()},
    }


def _count(text: ReadText, rows: Sequence[int], parts: tuple[str, ...]) -> int:
    return sum(text.words[row].part in parts for row in rows)


def _links(statement: ReadText, near: Sequence[ReadText]) -> dict[str, float]:
    """Of two linked words that a source has, whether they are linked there, far apart, or in another role."""
    kept, far, turned, apart = 0, 0, 0, 0
    content = set(statement.content)
    for row in statement.content:
        word = statement.words[row]
        role = ROLES.get(word.role)
        if role is None or word.head not in content or word.head == row:
            continue
        ways = [
            (count_steps(each.words, a, b), ROLES.get(each.words[a].role))
            for each in near
            for a in _find(statement.word_stems[row], each)
            for b in _find(statement.word_stems[word.head], each)
        ]
        if not ways:
            apart += 1
            continue
        steps, there = min(ways, key=lambda way: (way[0], way[1] != role))
        kept += steps <= _NEAR
        far += steps > _FAR
        turned += steps <= _NEAR and role in ACTORS and there in ACTORS and there != role
    many = kept + far + turned + apart
    return {
        "links kept": kept / many if many else 1.0,
        "links far": float(far),
        "links turned": float(turned),
        "links apart": float(apart),
    }


def _find(stems: frozenset[str], text: ReadText) -> list[int]:
    return [row for row, held in enumerate(text.word_stems) if held & stems]


def _scopes(aligned: Alignment, near: Sequence[ReadText]) -> dict[str, float]:
    """For each kind of claim: how many verbs it binds in the statement alone, and in the sources alone."""
    statement = aligned.statement
    gained, lost = dict.fromkeys((*_SCOPES, "denial"), 0), dict.fromkeys((*_SCOPES, "denial"), 0)
    for row in statement.content:
        if statement.words[row].part != "VERB":
            continue
        own, said = _bind(statement, row), _bind(*_find_nearest(statement, row, near))
        for claim in own - said:
            gained[claim] += 1
        for claim in said - own:
            lost[claim] += 1
    return {f"gains {claim}": float(many) for claim, many in gained.items()} | {
        f"loses {claim}": float(many) for claim, many in lost.items()
    }


def _find_nearest(statement: ReadText, row: int, near: Sequence[ReadText]) -> tuple[ReadText, int]:
    """The word of the sources that says a word of the statement."""
    closest = [(float((held := each.vectors @ statement.vectors[row]).max()), int(held.argmax())) for each in near]
    best = max(range(len(near)), key=lambda at: closest[at][0])
    return near[best], closest[best][1]


def _bind(text: ReadText, row: int) -> frozenset[str]:
    """The kinds of claim that bind a word: made by it, by what it hangs on, or by small words that hang on these."""
    above = climb_up(text.words, row)[:_DEEPEST]
    held = {*above, *(at for at, word in enumerate(text.words) if word.head in above and word.role in _HELD)}
    said = " ".join(text.word(at) for at in sorted(held))
    written = read_text(said, text.language)
    found = {claim for claim in _SCOPES if _CLAIM.has(claim, written)}
    return frozenset(found | ({"denial"} if denies(said) else set()))


def _figures(aligned: Alignment) -> dict[str, float]:
    """Whether a figure stands among the words of the statement, or another of its kind does there instead; and how
    much more of the statement a sentence without the figure says than those that have it.
    """
    passages = aligned.passages
    held = [figure for each in (*passages.sentences, *passages.headings) for figure in each.figures]
    rival = [
        _most_around(figure, held, proves=False) - _most_around(figure, held, proves=True)
        for figure in aligned.statement.figures
    ]
    having = [
        [any(is_proof(other, figure) for other in each.figures) for each in passages.sentences]
        for figure in aligned.statement.figures
    ]
    return {
        "figure rivals": max(rival, default=-1.0),
        "figure margin": max(_margins(aligned, having), default=0.0),
    }


def _most_around(figure: Figure, held: Sequence[Figure], *, proves: bool) -> float:
    around = {*figure.before[:_AROUND], *figure.after[:_AROUND]}
    shares = (
        len(around & {*other.before[:_AROUND], *other.after[:_AROUND]}) / max(1, len(around))
        for other in held
        if is_proof(other, figure) is proves and other.kind == figure.kind
    )
    return max(shares, default=0.0)


def _names(aligned: Alignment) -> dict[str, float]:
    """How much more of the statement a sentence says that is not of what it names than those that are."""
    passages = aligned.passages
    texts = [f"{above.text}\n{each.text}" for above, each in zip(passages.above, passages.sentences, strict=True)]
    having = [[are_named([name], text) for text in texts] for name in find_names(aligned.statement.text)]
    return {"name margin": max(_margins(aligned, having), default=0.0)}


def _margins(aligned: Alignment, having: Sequence[Sequence[bool]]) -> Iterator[float]:
    """For each list of sentences, those that have something: how much more of a statement the others say."""
    said = aligned.by_sentence[:, aligned.statement.content].mean(axis=1)
    for each in having:
        has = np.array(each)
        if has.any():
            yield float(said.max() - said[has].max())
