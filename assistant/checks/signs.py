"""Signs: what tells whether the passages that a statement cites support it, as figures that a model weighs.

Closeness of words and sentences, shared words, figures, names, negation, what hangs on what, and the words by which a
sentence says more or less than its source (all or some, may or must, an aim or a result): `[claim]` in the files of
languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assistant.checks.alignment import Alignment
from assistant.checks.figures import Figure, is_proof
from assistant.checks.negation import denies, inverts
from assistant.checks.passage_text import ReadPassages, ReadText
from assistant.checks.recast import read_recast
from assistant.checks.stated_names import are_named, find_names
from language.grammar import Grammar
from language.text import read_text

_CLAIM = Grammar("claim")
_CLAIMS = (
    *("all", "some", "only", "most", "always", "more", "less", "first", "last", "may", "must", "aim", "plan", "result"),
    *("cause", "condition", "before", "after", "together", "without", "residents", "officials"),
)
_PARTS = {"verbs": ("VERB",), "nouns": ("NOUN",), "others": ("ADJ", "ADV"), "names": ("PROPN",), "numbers": ("NUM",)}
_LOW = (0.4, 0.5, 0.6)  # how near a word is that is hardly said
_AROUND = 4  # words on each side of a figure


def read_signs(aligned: Alignment) -> dict[str, float]:
    """The signs by name. Passages have at least one sentence, statements one word."""
    statement, passages = aligned.statement, aligned.passages
    near = [passages.sentences[row] for row in dict.fromkeys(aligned.best)]
    return {
        **_closeness(aligned),
        **_parts(aligned),
        **_shared_words(aligned, near),
        **_edits(aligned),
        **_sentences(aligned),
        **_figures(statement, passages, near),
        **_names_and_negation(statement, passages, near),
        **_claims(statement, passages, near),
        **_links(aligned),
        **read_recast(aligned),
        "length": float(len(statement.content)),
        "english": float(statement.language == "en"),
        "passages": float(max(passages.owners) + 1),
        "sheets": float(len(passages.headings)),
        "sentences": float(len(passages.sentences)),
    }


def _closeness(aligned: Alignment) -> dict[str, float]:
    """How near the words are to those of the passages, of the best sentence, of the two best."""
    content = aligned.statement.content
    first, second = aligned.best
    rows = aligned.by_sentence
    whole = np.maximum(aligned.in_text, aligned.in_heading)[content]
    one, two = rows[first][content], np.maximum(rows[first], rows[second])[content]
    found: dict[str, float] = {}
    for name, values in (("whole", whole), ("one", one), ("two", two)):
        ordered = np.sort(values)
        found |= {
            f"{name} mean": float(values.mean()),
            f"{name} least": float(ordered[0]),
            f"{name} second": float(ordered[min(1, len(ordered) - 1)]),
            f"{name} third": float(ordered[min(2, len(ordered) - 1)]),
            f"{name} quarter": float(np.quantile(values, 0.25)),
        }
    low = {f"words under {least}": float((whole < least).sum()) for least in _LOW}
    return {**found, **low, "spread": found["whole mean"] - found["one mean"]}


def _parts(aligned: Alignment) -> dict[str, float]:
    """The same for verbs, nouns… in the two best sentences."""
    first, second = aligned.best
    near = np.maximum(aligned.by_sentence[first], aligned.by_sentence[second])
    found: dict[str, float] = {}
    for name, parts in _PARTS.items():
        rows = [row for row in aligned.statement.content if aligned.statement.words[row].part in parts]
        values = near[rows] if rows else np.ones(1)
        found |= {f"{name} mean": float(values.mean()), f"{name} least": float(values.min()), name: float(len(rows))}
    return found


def _shared_words(aligned: Alignment, near: Sequence[ReadText]) -> dict[str, float]:
    """What share of the stems the passages have, and how near the other words are to any of theirs."""
    statement, passages = aligned.statement, aligned.passages
    stems, many = statement.stems, max(1, len(statement.stems))
    above = frozenset().union(*(each.stems for each in passages.headings))
    said = frozenset().union(*(each.stems for each in passages.sentences))
    best = frozenset().union(*(each.stems for each in near))
    whole = np.maximum(aligned.in_text, aligned.in_heading)
    other = [row for row in statement.content if not statement.word_stems[row] <= (said | above)]
    values = whole[other] if other else np.ones(1)
    source = near[0]
    back = (source.vectors[source.content] @ statement.vectors.T).max(axis=1, initial=-1.0)
    return {
        "stems": len(stems & (said | above)) / many,
        "stems in text": len(stems & said) / many,
        "stems in one": max(len(stems & (each.stems | above)) for each in passages.sentences) / many,
        "stems in two": len(stems & (best | above)) / many,
        "stems missing": float(len(stems - said - above)),
        "other words": float(len(other)),
        "other words least": float(values.min()),
        "other words mean": float(values.mean()),
        "stems of source": len(source.stems & stems) / max(1, len(source.stems)),
        "source said": float(back.mean()) if len(back) else 0.0,
        "source unsaid": float((back < 0.5).mean()) if len(back) else 0.0,
    }


def _edits(aligned: Alignment) -> dict[str, float]:
    """What was changed of the sentence that a statement may be a copy of: kept words, others put in their place, added,
    left out; and how near those put in are to those that they stand for.
    """
    statement, source = aligned.statement, aligned.source
    own = statement.plain_words
    kept = [block.size for block in aligned.edits.get_matching_blocks()]
    content, others = set(statement.content), set(source.content)
    replaced, added, left, worst = 0, 0, 0, 1.0
    for way, a, b, start, end in aligned.edits.get_opcodes():
        new = [row for row in range(start, end) if row in content]
        old = [row for row in range(a, b) if row in others]
        if way == "replace" and new and old:
            replaced += len(new)
            near_old = statement.vectors[new] @ source.vectors[old].T
            worst = min(worst, float(near_old.max(axis=1).min()))
        elif way in ("insert", "replace"):
            added += len(new)
        left += len(old) if way in ("delete", "replace") else 0
    return {
        "words kept": sum(kept) / max(1, len(own)),
        "longest kept": max(kept, default=0) / max(1, len(own)),
        "words replaced": float(replaced),
        "words added": float(added),
        "words left": float(left),
        "worst replaced": worst,
    }


def _sentences(aligned: Alignment) -> dict[str, float]:
    """How near the whole sentences are."""
    near = np.array([aligned.statement.vector @ each.vector for each in aligned.passages.sentences])
    ordered = np.sort(near)
    return {
        "sentence nearest": float(ordered[-1]),
        "sentence second": float(ordered[-2]) if len(ordered) > 1 else 0.0,
        "sentence aligned": float(near[aligned.best[0]]),
    }


def _figures(statement: ReadText, passages: ReadPassages, near: Sequence[ReadText]) -> dict[str, float]:
    """Which figures the passages have, in the best sentences, and among which words."""
    held = [figure for each in (*passages.sentences, *passages.headings) for figure in each.figures]
    close = [figure for each in near for figure in each.figures]
    stated = statement.figures
    return {
        "figures": float(len(stated)),
        "figures unproved": float(sum(not _is_among(each, held) for each in stated)),
        "figures elsewhere": float(sum(not _is_among(each, close) for each in stated)),
        "figures unknown": float(sum(all(each.value != other.value for other in held) for each in stated)),
        "figures of source": float(len(close)),
        "figures around": min((_words_around(each, held) for each in stated), default=1.0),
        "figures counting": min((_counts_same(each, held) for each in stated), default=1.0),
    }


def _is_among(figure: Figure, held: Sequence[Figure]) -> bool:
    return any(is_proof(other, figure) for other in held)


def _words_around(figure: Figure, held: Sequence[Figure]) -> float:
    """The greatest share of the words around a figure that stand around it in the passages too."""
    around = {*figure.before[:_AROUND], *figure.after[:_AROUND]}
    shared = (
        len(around & {*other.before, *other.after}) / max(1, len(around)) for other in held if is_proof(other, figure)
    )
    return max(shared, default=0.0)


def _counts_same(figure: Figure, held: Sequence[Figure]) -> float:
    proofs = (other for other in held if is_proof(other, figure))
    return float(not figure.unit or any(figure.unit in (*other.before, *other.after) for other in proofs))


def _names_and_negation(statement: ReadText, passages: ReadPassages, near: Sequence[ReadText]) -> dict[str, float]:
    """The names that the passages do not have; whether what is affirmed is denied, or the reverse."""
    names = find_names(statement.text)
    close = "\n".join(each.text for each in (*passages.headings, *near))
    return {
        "named": float(len(names)),
        "names unknown": float(sum(not are_named([name], passages.text) for name in names)),
        "names elsewhere": float(sum(not are_named([name], close) for name in names)),
        "inverts": float(inverts(statement.text, [each.text for each in passages.sentences])),
        "inverts source": float(inverts(statement.text, [each.text for each in near])),
        "denies": float(denies(statement.text)),
        "source denies": float(denies(near[0].text)),
        "any denies": float(any(denies(each.text) for each in passages.sentences)),
    }


def _claims(statement: ReadText, passages: ReadPassages, near: Sequence[ReadText]) -> dict[str, float]:
    """Of each kind of claim: whether the statement makes it, where its sources do not, and the reverse."""
    stated = _find_claims(statement)
    said = frozenset().union(*map(_find_claims, near))
    anywhere = frozenset().union(*map(_find_claims, (*passages.sentences, *passages.headings)))
    return dict(_tell_claims(stated, said, anywhere))


def _tell_claims(stated: frozenset[str], said: frozenset[str], anywhere: frozenset[str]) -> Iterator[tuple[str, float]]:
    for claim in _CLAIMS:
        made = claim in stated
        yield f"claims {claim}", float(made)
        yield f"adds {claim}", float(made and claim not in said) + float(made and claim not in anywhere)
        yield f"leaves {claim}", float(claim in said and not made)


def _find_claims(text: ReadText) -> frozenset[str]:
    written = read_text(text.text, text.language)
    return frozenset(claim for claim in _CLAIMS if _CLAIM.has(claim, written))


def _links(aligned: Alignment) -> dict[str, float]:
    """What hangs on what in the statement, and whether it does in the passages."""
    links = aligned.links
    fits = np.array([link.fit for link in links] or [1.6])
    actors = [link.fit for link in links if link.role in ("subject", "object", "circumstance")]
    fit, exchanged = aligned.actor_fit()
    return {
        "links": float(len(links)),
        "links least": float(fits.min()),
        "links mean": float(fits.mean()),
        "links of actors": min(actors, default=1.6),
        "links near": aligned.within_clause,
        "links alike": float(np.mean([link.same for link in links])) if links else 0.5,
        "actor": fit,
        "actor exchanged": exchanged,
        "order": aligned.in_order(),
    }
