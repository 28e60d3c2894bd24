"""Content: which words of a question say what sheets are looked for by; the others only ask, or say who asks."""

from __future__ import annotations

from index.encoding.budget import aside
from index.opened import Index
from index.phrases import read_words
from language.grammar import Grammar
from language.parser import Token, parse
from language.shapes import LETTERS
from language.text import Text, read_text

_LISTED, _AROUND = Grammar("listed"), Grammar("around")
_SAYING = frozenset({"NOUN", "PROPN", "ADJ", "X", "NUM", "SYM"})
_VERBS = frozenset({"VERB", "AUX"})
_LANGUAGE = "fr"  # of a text whose small words tell none
_BEFORE_NOUN = frozenset({"ADP", "DET"})
_OF_A_NOUN = frozenset({"amod", "conj", "acl"})


def find_beside_content(question: Text, index: Index) -> frozenset[int]:
    """Where the words of a question start that are no content; none in a language without a parser.

    Nouns, names and the adjectives after them are; so are verbs in the infinitive, "de végétaliser", and whatever the
    trade has an expression for, "tiré au sort". An adjective before its noun, or of a verb, only weighs: "petites".
    """
    with aside():  # the first parse opens the parser
        words = parse(question.written, question.language or _LANGUAGE)
    named = read_words(question.written)
    found = index.lexicon.synonyms.find(named)
    whole = {named[at].start for each in found for at in each.positions if len(each.positions) > 1}
    start, verbs = _find_start(question), _find_verbs(words, question)
    return frozenset(
        word.start
        for row, word in enumerate(words)
        if word.start not in whole and (word.start < start or row in verbs or not _says(words, row, question))
    )


def cut_at_verb(question: Text, start: int) -> str:
    """What stands from a place up to the verb or the relative pronoun after it: "villes menées par" before "ont"."""
    tokens = parse(question.written, question.language or _LANGUAGE)
    verbs = [word.start for word in tokens if _is_predicate(word)]
    verbs += [word.start() for word in LETTERS.finditer(question.written) if _LISTED.has("predicate", word[0])]
    stop = min((at for at in verbs if at >= start), default=len(question.written))
    return question.written[start:stop].strip(" ?.!,;:")


def _is_predicate(word: Token) -> bool:
    if word.part in _VERBS:
        return word.role not in _OF_A_NOUN
    return word.part == "PRON" and word.role == "nsubj"


def find_clause(question: Text) -> Text:
    """The clause that counts or lists, without what a person says of themselves before it."""
    return read_text(question.written[_find_start(question) :], question.language)


def _find_verbs(words: tuple[Token, ...], question: Text) -> frozenset[int]:
    """The rows of verbs that the parser takes for other words: what stands between "fiches" or "combien" and an
    article is one, "quelles fiches concernent les".
    """
    counted = {
        row for row, word in enumerate(words) if _LISTED.has("before_verb", question.written[word.start : word.end])
    }
    return frozenset(after for row in counted if (after := _before_article(words, row + 1)))


def _before_article(words: tuple[Token, ...], row: int) -> int:
    """The row of what stands here, or after "qui", right before an article or another determiner; 0 when none does."""
    after = row + 1 if words[row : row + 1] and words[row].part == "PRON" else row
    following = words[after + 1 : after + 2]
    return after if following and following[0].part == "DET" else 0


def _says(words: tuple[Token, ...], row: int, question: Text) -> bool:
    word = words[row]
    if word.role == "fixed" or _is_addressed(words, row, question):
        return False
    if word.part in _VERBS:
        return _LISTED.has("infinitive", read_text(question.written[word.start : word.end], question.language))
    of_a_noun = word.role in _OF_A_NOUN and row > word.head
    as_a_noun = row > 0 and words[row - 1].part in _BEFORE_NOUN  # "parlent d'éoliennes"
    return word.part in _SAYING and (word.part != "ADJ" or of_a_noun or (as_a_noun and word.head < row))


def _is_addressed(words: tuple[Token, ...], row: int, question: Text) -> bool:
    """Whether a word is a verb by what is tied to it, "pèsent-ils", "sors-moi", or by its ending, "vérifiez"."""
    said, *after = (question.written[each.start : each.end] for each in words[row : row + 2])
    return _LISTED.has("addressed", said) or any(next_.startswith("-") or _LISTED.has("tied", next_) for next_ in after)


def _find_start(question: Text) -> int:
    """Where the clause starts that counts or lists, after what a person says of themselves; 0 when none does so."""
    asks = _LISTED.search("asks", question)
    if asks is None:
        return 0
    before = question.before(asks.start)
    return asks.start if _AROUND.is_in("first_person", before.said, before.language) else 0
