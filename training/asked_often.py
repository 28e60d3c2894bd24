"""Write the words that tell nothing of what a question is about: python -m training.asked_often DATA_DIR; needs
../shared. After new questions.

They are the sheets' words that many questions have whatever they are about, and those of labelled questions that the
sheets which answer them lack.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from assistant.finding.missing import ASKED_OFTEN
from index.encoding.encoder import open_encoder
from index.opened import Index
from index.signals.lexical import split_words
from training.abstention import open_collection
from training.checks import QUESTIONS, ROOT
from training.findings import read_rows

_FILES = {"forms": "q", "abstention": "question", "sheets": "question"}
_OFTEN, _SPOKEN = 15, 3  # questions


def read_questions() -> Iterator[str]:
    """The questions written for training, which are on everything that people ask."""
    for name, key in _FILES.items():
        for line in (QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)[key]


def find_spoken(index: Index) -> Iterator[str]:
    """The words of labelled questions that none of the sheets which answer them has, once for each: manners of speaking
    where several questions have them.
    """
    for row in read_rows("answers.jsonl"):
        sheets = {each["id"].split("/")[0] for each in row["evidence"]}
        if row.get("absent") or not sheets <= {*index.catalogue.rows}:
            continue
        rows = {index.catalogue.rows[sheet] for sheet in sheets}
        for word in set(split_words(" ".join((row["query"], *row["reworded"])))):
            if rows.isdisjoint(np.unique(index.owners[index.passages_with(word)]).tolist()):
                yield word


def main(data_dir: Path) -> None:
    """Write the stems, in alphabetical order."""
    index = open_collection("real", data_dir, open_encoder("multilingual-e5-small", ROOT / "var" / "models"))
    counts = Counter(word for question in read_questions() for word in set(split_words(question)))
    often = {word for word, count in counts.items() if count >= _OFTEN and len(index.passages_with(word))}
    spoken = {word for word, count in Counter(find_spoken(index)).items() if count >= _SPOKEN}
    words = sorted(often | spoken)
    ASKED_OFTEN.write_text("# Written by training/asked_often.py.\n" + "\n".join(words) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    main(parser.parse_args().data_dir)
