"""What a language model is given to answer from."""

from typing import NamedTuple

from index.ranking.retrieval import Hit
from ingest.passage import Passage


class Given(NamedTuple):
    """A passage with the hit that it comes from."""

    hit: Hit
    passage: Passage
