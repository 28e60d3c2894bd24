"""What a language model is given to answer from."""

from index.ranking.retrieval import Hit
from ingest.passage import Passage

Given = tuple[Hit, Passage]  # a passage with the hit that it comes from
