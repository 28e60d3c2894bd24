"""Write the words that questions have whatever they are about: python -m training.asked_often, after new questions."""

import json
from collections import Counter
from collections.abc import Iterator

from assistant.finding.missing import ASKED_OFTEN
from index.signals.lexical import split_words
from training.checks import QUESTIONS

_FILES = {"forms": "q", "abstention": "question", "sheets": "question"}
_OFTEN = (
    15  # questions: of those answered, 3 % are then told that the sheets quoted lack a word, and 50 % of the others
)


def read_questions() -> Iterator[str]:
    """The questions written for training, which are on everything that people ask."""
    for name, key in _FILES.items():
        for line in (QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)[key]


def main() -> None:
    """Write the stems, in alphabetical order."""
    counts = Counter(word for question in read_questions() for word in set(split_words(question)))
    often = sorted(word for word, count in counts.items() if count >= _OFTEN)
    ASKED_OFTEN.write_text("# Written by training/asked_often.py.\n" + "\n".join(often) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
