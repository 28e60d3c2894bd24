"""Rewriting: a language model puts a follow-up in words that stand alone; kept when they come from the conversation."""

from collections.abc import Sequence

from assistant.llm.writer import ModelFailed, Writer
from assistant.process.computing import computing
from assistant.reading.reading import Reading, Turn
from assistant.reading.understanding import understand
from index.filters import Filters
from index.opened import Index
from index.signals.lexical import split_words
from language.letters import fold
from language.shapes import DIGITS, NAME, opens_sentence

_TURNS = 6  # the last ones, told to the model
_TITLES = 5  # sheets told of each turn
_LONGEST = 400  # characters
_LEAST_KNOWN = 0.8  # of the words that count, found in the conversation: a rewriting inflects and links
_LEAST_KEPT = 0.5  # of the words of the question, found in its rewriting


async def rewrite(
    reading: Reading,
    question: str,
    history: Sequence[Turn],
    model: Writer,
    index: Index,
    ignored: Filters | None = None,
) -> Reading:
    """What is asked in the model's words, or as it was when the model fails or writes what nobody said."""
    turns = _tell(history, index)
    try:
        written = " ".join((await model.rewrite(turns, question)).split()).strip('«» "')
    except ModelFailed:
        return reading
    if not await computing(is_faithful, written, question, turns):
        return reading
    understood = (await computing(understand, written, index.lexicon)).less(ignored or Filters())
    understood = understood.model_copy(update={"bounds": reading.understood.bounds})
    return reading.model_copy(update={"standalone": written, "context": written, "understood": understood})


def is_faithful(written: str, question: str, turns: str) -> bool:
    """Whether a rewriting keeps to what was said: figures, names and most words are known, the question is in it."""
    if len(written) > _LONGEST:
        return False
    told = f"{turns} {question}"
    words, known = split_words(written), set(split_words(told))
    asked = set(split_words(question))
    names = (name[0] for name in NAME.finditer(written) if not opens_sentence(written, name.start()))
    return (
        bool(words)
        and set(DIGITS.findall(written)) <= set(DIGITS.findall(told))
        and set(fold(" ".join(names)).split()) <= set(fold(told).split())
        and sum(word in known for word in words) >= _LEAST_KNOWN * len(words)
        and len(asked & set(words)) >= _LEAST_KEPT * len(asked)
    )


def _tell(history: Sequence[Turn], index: Index) -> str:
    """The last turns as the model reads them: each question, then the titles of the sheets shown."""
    lines = []
    for turn in history[-_TURNS:]:
        lines.append(f"- {turn.query}")
        sheets = [sheet for sheet in map(index.find_sheet, (turn.shown or turn.sheets)[:_TITLES]) if sheet]
        lines += [f"  {row}. {sheet.title} ({sheet.organisation})" for row, sheet in enumerate(sheets, start=1)]
    return "\n".join(lines)
