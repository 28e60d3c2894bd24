"""Words: a question's words, folded, with where they stand, what parts them, and their capitals."""

from functools import cache

from language.grammar import Grammar
from language.letters import fold
from language.shapes import WORD
from language.text import read_text

_JOINING = frozenset("'’ʼ‑–-")
_MOST_JOINING = 3  # characters between two words of a name
_OPENING = frozenset('.?!:;\n«"')  # of a sentence or a quote
_MOST_BETWEEN = 6  # words
_PLACE = Grammar("place")


class Words:
    """The words of a question, folded, with where they stand and what parts them."""

    def __init__(self, question: str) -> None:
        found = list(WORD.finditer(question))
        self.written = [match[0] for match in found]
        self.starts = [match.start() for match in found]
        self.ends = [match.end() for match in found]
        folded = [fold(word).replace(" ", "") for word in self.written]
        self.folded = [_spelt_out().get(word, word) for word in folded]
        self.language = read_text(question).language
        edges = [0, *self.ends], [*self.starts, len(question)]
        self.gaps = [question[start:end] for start, end in zip(*edges, strict=True)]  # gaps[i] stands before word i
        self._shouted = question.isupper()
        self._lasts = self._last_joined()

    def __len__(self) -> int:
        return len(self.folded)

    def joined_from(self, first: int) -> int:
        """How many words from `first` on may make one name: no punctuation parts them."""
        return self._lasts[first] - first + 1

    def _last_joined(self) -> list[int]:
        lasts = list(range(len(self)))
        for at in range(len(self) - 2, -1, -1):
            if self._joins(at + 1):
                lasts[at] = lasts[at + 1]
        return lasts

    def name(self, first: int, after: int) -> str:
        """The folded words from `first` to before `after`."""
        return " ".join(self.folded[first:after])

    def with_article(self, first: int, name: str) -> tuple[str, ...]:
        """The name with the article that the word before it has swallowed: "au Mans" gives "le mans"."""
        article = _articles().get(self.folded[first - 1]) if first and self._joins(first) else None
        return (f"{article} {name}",) if article else ()

    def heavy_words(self, first: int, after: int) -> int:
        """How many words are more than articles and prepositions."""
        return sum(word not in _light() for word in self.folded[first:after])

    def is_hyphenated(self, first: int, after: int) -> bool:
        """Whether a hyphen joins some of these words."""
        return any("-" in gap for gap in self.gaps[first + 1 : after])

    def is_upper(self, first: int, after: int) -> bool:
        """Whether these words are in capitals, all letters of them."""
        return all(word.isupper() for word in self.written[first:after])

    def has_capitals(self, first: int, after: int) -> bool:
        """Whether capitals set these words apart; those of a sentence's start and of a shouted question say nothing."""
        if self._shouted:
            return False
        words = [at for at in range(first, after) if self.folded[at] not in _light() and not self._starts_sentence(at)]
        return bool(words) and all(self.written[at][0].isupper() for at in words)

    def before(self, first: int) -> str:
        """The five folded words before, back to the last punctuation."""
        start = first
        while start and first - start < 5 and self._joins(start):
            start -= 1
        return self.name(start, first)

    def after(self, after: int) -> str:
        """The six folded words that follow, whatever parts them."""
        return self.name(after, after + 6)

    def follows(self, after: int) -> str:
        """The folded word that follows with no punctuation between, or ""."""
        return self.folded[after] if after < len(self) and self._joins(after) else ""

    def is_bracketed(self, at: int) -> bool:
        """Whether the word stands alone in brackets."""
        return self.gaps[at].rstrip().endswith("(") and self.gaps[at + 1].lstrip().startswith(")")

    def links(self, after: int, first: int) -> bool:
        """Whether only brackets and small words part what ends before `after` and what starts at `first`."""
        return 0 <= first - after <= _MOST_BETWEEN and all(word in _locating() for word in self.folded[after:first])

    def continues_name(self, first: int) -> bool:
        """Whether the word before is a part of a longer name: "Jean Latour", "Du Bosc", "Baie-Sainte-Anne"."""
        before = first - 1
        if before < 0 or not self._joins(first) or self._shouted:
            return False
        word = self.written[before]
        named = word[0].isupper() and not word.isupper() and not self._starts_sentence(before)
        return named or self.gaps[first] in {"-", "‑"}

    def is_part_of(self, first: int) -> bool:
        """Whether a capitalised name stands before with "du" or "de l'": "Italie du Sud"."""
        before = self.before(first).split()
        of = 1 if before[-1:] == ["du"] else 2 if before[-2:] == ["de", "l"] else 0
        at = first - of - 1 if of and len(before) > of else 0
        return at > 0 and self.written[at][0].isupper() and self.folded[at] not in {"departement", "departemental"}

    def _starts_sentence(self, at: int) -> bool:
        return at == 0 or not _OPENING.isdisjoint(self.gaps[at])

    def _joins(self, at: int) -> bool:
        """Whether nothing but spaces, apostrophes and hyphens stands before a word."""
        gap = self.gaps[at]
        return 1 <= len(gap) <= _MOST_JOINING and all(each.isspace() or each in _JOINING for each in gap)


@cache
def _light() -> frozenset[str]:
    """Articles and prepositions inside names of places."""
    return _PLACE.every_word("light")


@cache
def _locating() -> frozenset[str]:
    """Small words between a place and the larger one where it lies: "Montreuil, dans le 93"."""
    return _PLACE.every_word("locating")


@cache
def _spelt_out() -> dict[str, str]:
    """The words of names that are written in short: "St-Brieuc"."""
    return {short: word for word in ("saint", "sainte") for short in _PLACE.every_word(word)}


@cache
def _articles() -> dict[str, str]:
    """The article that a preposition has swallowed: "au Mans" is Le Mans."""
    return {word: article for article in ("le", "les") for word in _PLACE.every_word(f"with_{article}")}
