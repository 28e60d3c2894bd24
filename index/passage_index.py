"""The passages of one access (public, or members') with their three signals and their sentences' vectors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.aspects.aspects import read_aspects, told_by
from index.gathered import Gathered
from index.passages import Embedded, Passages, Sentence, cut_tokens, indexed_text, make_sentences
from index.signals.late import Late, TokenStatistics
from index.signals.lexical import Lexical, Posting
from index.signals.token_codec import TokenCodec
from index.signals.vectors import Vectors
from ingest.passage import Passage
from ingest.sentence import split_sentences

if TYPE_CHECKING:
    from index.encoding.encoder import Encoded, Encoder, Progress

_TRAINING_TEXTS = 100  # of the first build, for the codec: about 10 000 tokens


class PassageIndex:
    """Passages, searchable. Public and members' passages are never in the same one."""

    def __init__(
        self,
        passages: Sequence[Passage],
        vectors: Vectors,
        lexical: Lexical,
        late: Late,
        spans: np.ndarray,
        sentences: np.ndarray,
        aspects: np.ndarray,
    ) -> None:
        self.passages = tuple(passages)
        self._vectors, self._lexical, self._late = vectors, lexical, late
        late.cut(self._cut)
        # (sentences, 4): row of the passage, start, end, first token; (sentences, dimension); (sentences, aspects)
        self._spans, self._sentences, self._aspects = spans, sentences, aspects
        self.embedded = 0  # passages that went through the model when this was built

    @classmethod
    def build(
        cls,
        passages: Sequence[Passage],
        encoder: Encoder,
        aside: Path,
        statistics: TokenStatistics | None = None,
        progress: Progress | None = None,
        previous: Sequence[Passages] = (),
        codec: TokenCodec | None = None,
    ) -> PassageIndex:
        """Embed and index passages; at least one. Texts that stand in a `previous` index are not embedded again.

        `aside` is an empty folder for what does not fit in memory, to be kept as long as the index is used.
        `statistics` and `codec` are those of a larger corpus of the same kind, measured on these passages otherwise:
        the members' passages take the public ones', so that the scores of both can be compared. Without `codec`
        the previous index's is kept.
        """
        texts = [indexed_text(passage) for passage in passages]
        known = {text: (part, row) for part in previous for row, text in enumerate(part.texts)}
        new = [row for row, text in enumerate(texts) if text not in known]
        gathered = Gathered(aside, len(passages))

        def keep(row: int, embedded: Embedded) -> None:
            told = _tell(passages[row], embedded, encoder.name) if embedded.aspects is None else embedded.aspects
            gathered.add(row, embedded, told)

        for row, embedded in _find_tokens(passages, _recall(texts, known), encoder):
            keep(row, embedded)
        codec = codec or (previous[0].codec if previous else None)
        # Those that train the codec are spread over the texts, and read first: their states are kept until it is there.
        sample = [] if codec else new[:: 1 + len(new) // _TRAINING_TEXTS]
        first = dict(_read(texts, sample, encoder, None))
        codec = codec or TokenCodec.train([encoded.tokens for encoded in first.values()])
        rest = _read(texts, [row for row in new if row not in first], encoder, progress)
        for row, encoded in chain(first.items(), rest):
            keep(row, _embed(passages[row], encoded, codec))
        index = cls._assemble(passages, texts, gathered, statistics, codec)
        index.embedded = len(new)
        return index

    @classmethod
    def _assemble(
        cls,
        passages: Sequence[Passage],
        texts: list[str],
        gathered: Gathered,
        statistics: TokenStatistics | None,
        codec: TokenCodec,
    ) -> PassageIndex:
        """The index of what the model gave for each passage."""
        starts = np.cumsum([0, *gathered.token_ids.lengths])
        token_ids, spans = gathered.token_ids.join(), gathered.spans.join()
        sheets = {sheet: row for row, sheet in enumerate(dict.fromkeys(passage.sheet for passage in passages))}
        groups = np.array([sheets[passage.sheet] for passage in passages])
        statistics = statistics or TokenStatistics.measure(np.split(token_ids, starts[1:-1]), groups)
        return cls(
            passages,
            Vectors.build(gathered.vectors.join()),
            Lexical.build(texts),
            Late(gathered.codes.join(), token_ids, starts, statistics, codec),
            np.column_stack([np.repeat(np.arange(len(passages), dtype=np.int32), gathered.spans.lengths), spans]),
            gathered.sentences.join(),
            gathered.aspects.join(),
        )

    def __len__(self) -> int:
        return len(self.passages)

    def read(self, rows: Sequence[int]) -> list[Passage]:
        """The passages at these rows, in their order."""
        return [self.passages[row] for row in rows]

    def recall(self, rows: Sequence[int]) -> Iterator[Embedded]:
        """What the model gave for the passages at these rows, in their order."""
        for row in rows:
            codes, token_ids = self._late.read_text(row)
            first, last = np.searchsorted(self._spans[:, 0], (row, row + 1))
            spans, sentences = self._spans[first:last, 1:], self._sentences[first:last]
            yield Embedded(
                self._vectors.read_vector(row), codes, token_ids, spans, sentences, self._aspects[first:last]
            )

    def postings(self) -> Iterator[Posting]:
        """Each word with the passages that have it."""
        return self._lexical.postings()

    @property
    def sheets(self) -> list[str]:
        """The id of each passage's sheet."""
        return [passage.sheet for passage in self.passages]

    @property
    def texts(self) -> list[str]:
        """What the model read of each passage."""
        return [indexed_text(passage) for passage in self.passages]

    @property
    def statistics(self) -> TokenStatistics:
        """What is common in these passages' tokens."""
        return self._late.statistics

    @property
    def codec(self) -> TokenCodec:
        """How these passages' tokens are coded."""
        return self._late.codec

    def save(self, folder: Path) -> None:
        """Write plain files into a new folder."""
        folder.mkdir(parents=True)
        lines = (passage.model_dump_json() + "\n" for passage in self.passages)
        with (folder / "passages.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(lines)
        np.savez(
            folder / "sentences.npz",
            spans=self._spans,
            vectors=self._sentences,
            aspects=self._aspects,
            told_by=np.array(told_by()),
        )
        self._vectors.save(folder)
        self._lexical.save(folder)
        self._late.save(folder)

    @classmethod
    def load(cls, folder: Path, model: str) -> PassageIndex:
        """Read what `save` wrote; what its sentences tell, where another classifier told it, is read again.

        `model` is the name of the one that made the vectors.
        """
        lines = (folder / "passages.jsonl").read_text(encoding="utf-8").split("\n")
        passages = [Passage.model_validate(json.loads(line)) for line in lines if line]
        with np.load(folder / "sentences.npz", allow_pickle=False) as arrays:
            spans, sentences = arrays["spans"], arrays["vectors"]
            kept = arrays["aspects"] if str(arrays.get("told_by", "")) == told_by() else None
        if kept is None:
            pairs = [(passages[row], passages[row].text[start:end]) for row, start, end in spans[:, :3].tolist()]
            kept = read_aspects(pairs, sentences.astype(np.float32), model).astype(np.float16)
        return cls(passages, Vectors.load(folder), Lexical.load(folder), Late.load(folder), spans, sentences, kept)

    def score_words(self, words: str, expansions: Sequence[str]) -> np.ndarray:
        """BM25 score of every passage: (passages,)."""
        return self._lexical.score(words, len(self.passages), expansions)

    def rows_with(self, word: str) -> np.ndarray:
        """Rows of the passages that have a word, as `split_words` gives it, in order: (found,)."""
        return self._lexical.rows_with(word)

    def find_nearest(self, vector: np.ndarray, k: int, accepted: np.ndarray) -> np.ndarray:
        """Rows of the `k` accepted passages nearest to a vector (dimension,): (found,)."""
        return self._vectors.search(vector, k, accepted)[0]

    def weigh_tokens(self, encoded: Encoded) -> np.ndarray:
        """The weight of each token of a question by its rarity: (tokens,), of sum 1."""
        return self._late.weigh(encoded)

    def score_meaning(self, encoded: Encoded, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For the passages at `rows` the cosine (rows,), and each question token's best cosine (rows, tokens)."""
        every = len(rows) == len(self.passages)
        return self._vectors.score_rows(encoded.vector, rows), self._late.match(encoded, None if every else rows)

    def read_vectors(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The sentences of the passages at these rows: the passage of each (sentences,), the vectors of all."""
        chosen = np.isin(self._spans[:, 0], rows)
        return self._spans[chosen, 0], self._sentences[chosen].astype(np.float32)

    def read_sentences(self, rows: Sequence[int], encoded: Encoded, shares: np.ndarray) -> list[Sentence]:
        """The sentences of the passages at these rows, in order, each with its cosine to the question and its match."""
        spans = [slice(*np.searchsorted(self._spans[:, 0], (row, row + 1)).tolist()) for row in rows]
        if not spans:
            return []
        similarities = np.concatenate([self._sentences[span] for span in spans]).astype(np.float32) @ encoded.vector
        aspects = np.concatenate([self._aspects[span] for span in spans]).astype(np.float32)
        places = [
            (self.passages[owner], row, start, end)
            for span in spans
            for row, (owner, start, end) in enumerate(self._spans[span, :3].tolist())
        ]
        at = np.array(rows)
        late = self._late.matches.find(encoded, at).weigh_sentences(at, shares)
        return make_sentences(places, similarities, late, aspects)

    def _cut(self, row: int) -> np.ndarray:
        """Where the pieces of the passage at a row start among its tokens."""
        first, last = np.searchsorted(self._spans[:, 0], (row, row + 1))
        return cut_tokens(self.passages[row], self._spans[first:last, 1:], len(self._late.read_text(row)[1]))


def _recall(texts: Sequence[str], known: Mapping[str, tuple[Passages, int]]) -> Iterator[tuple[int, Embedded]]:
    """What earlier indexes know of these texts, each with its row; each index is asked once."""
    asked: dict[int, list[tuple[int, int]]] = {}
    parts = {id(part): part for part, _ in known.values()}
    for row, text in enumerate(texts):
        if text in known:
            part, old = known[text]
            asked.setdefault(id(part), []).append((row, old))
    for name, pairs in asked.items():
        rows, old_rows = zip(*pairs, strict=True)
        yield from zip(rows, parts[name].recall(old_rows), strict=True)


def _find_tokens(
    passages: Sequence[Passage], recalled: Iterable[tuple[int, Embedded]], encoder: Encoder
) -> Iterator[tuple[int, Embedded]]:
    """These passages by their row, with the first token of each sentence, which a version of an older format lacks."""
    lacking: dict[int, Embedded] = {}
    for row, each in recalled:
        if each.spans.shape[1] > 2:
            yield row, each
        else:
            lacking[row] = each
    every = encoder.find_offsets([indexed_text(passages[row]) for row in lacking])
    for (row, each), offsets in zip(lacking.items(), every, strict=True):
        firsts = [_find_inside(passages[row], start, end, offsets)[0] for start, end in each.spans.tolist()]
        yield row, replace(each, spans=np.column_stack([each.spans, np.array(firsts, dtype=np.int32)]))


def _find_inside(passage: Passage, start: int, end: int, offsets: np.ndarray) -> np.ndarray:
    """The tokens, at these offsets of what the model reads of a passage, that have a part of its text."""
    shift = len(passage.heading) + 1
    return np.flatnonzero((offsets[:, 1] > shift + start) & (offsets[:, 0] < shift + end))


def _read(
    texts: Sequence[str], rows: Sequence[int], encoder: Encoder, progress: Progress | None
) -> Iterator[tuple[int, Encoded]]:
    """The texts at these rows, each with its row, in no given order."""
    if rows:
        for position, encoded in encoder.encode_passages([texts[row] for row in rows], progress):
            yield rows[position], encoded


def _tell(passage: Passage, row: Embedded, model: str) -> np.ndarray:
    """What the sentences of a passage tell: (sentences, aspects)."""
    pairs = [(passage, passage.text[start:end]) for start, end in row.spans[:, :2].tolist()]
    return read_aspects(pairs, row.sentences.astype(np.float32), model).astype(np.float16)


def _embed(passage: Passage, encoded: Encoded, codec: TokenCodec) -> Embedded:
    """What is kept of an encoded passage.

    A sentence's vector is the mean of its tokens' states within the passage, so that "la commune" keeps the
    meaning its heading gives it ("late chunking", Günther et al. 2024, arXiv:2409.04701), at no cost.
    """
    spans: list[tuple[int, int, int]] = []
    vectors: list[np.ndarray] = []
    end = 0
    for sentence in split_sentences(passage.text):
        start = passage.text.index(sentence, end)
        end = start + len(sentence)
        inside = _find_inside(passage, start, end, encoded.offsets)
        if len(inside):
            mean = encoded.tokens[inside].mean(axis=0)
            spans.append((start, end, int(inside[0])))
            vectors.append(mean / np.linalg.norm(mean))
    return Embedded(
        encoded.vector,
        codec.encode(encoded.tokens),
        encoded.token_ids,
        np.array(spans, dtype=np.int32).reshape(-1, 3),
        np.array(vectors, dtype=np.float16).reshape(-1, len(encoded.vector)),
    )
