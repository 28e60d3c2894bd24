"""What a language model's server may send: real HTTP, endless, huge or poisoned; the others are served meanwhile."""

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from model_server import serving, stream, whole
from written import PROMPTS, model_at, open_checker

from assistant.answers.answer import Answer
from assistant.answers.draft import Citations, Draft
from assistant.checks.given import Given
from assistant.checks.proofreading import LONGEST_STATEMENT, Judging, Proofreader
from assistant.finding.search import find_hits
from assistant.llm.brief import Brief
from assistant.llm.connection import MOST_BYTES
from assistant.llm.model import LanguageModel, open_chat
from assistant.llm.prompt import read_prompt
from assistant.llm.writer import ModelFailed, ModelUnfounded
from assistant.pipeline import Knowledge, answer
from assistant.proposals.propose import QuestionWriter
from assistant.reading.reading import Turn
from assistant.serving.served import settle
from assistant.wording import MODEL_FAILED, MODEL_INTERRUPTED
from index.encoding.encoder import Encoder
from index.opened import Index
from index.ranking.retrieval import Hit
from index.storage.folder_store import FolderStore
from ingest.sheet import Sheet

QUESTION = "Combien de personnes ont voté au budget participatif du Gers en 2019 ?"
TRUE = "Plus de 47 000 personnes ont voté en 2019, soit 33 % du corps électoral [1]."
# Seconds. What is judged is read by the model, in a thread: tens of milliseconds a sentence, four seconds a text.
LONGEST_PAUSE, MOST_CPU = 0.4, 4.0


@pytest.fixture(scope="module")
def own_index(own_data_dir: Path, encoder: Encoder) -> Index:
    return FolderStore(own_data_dir / "index").open(encoder.name, "public")


@pytest.fixture(scope="module")
def hits(own_index: Index, encoder: Encoder) -> list[Hit]:
    found = find_hits(QUESTION, Knowledge(own_index, encoder, ""))
    settle()  # as a server does once it is open: collecting what tests hold would count as a pause
    return found


def watched(work: Callable[[], Coroutine[Any, Any, Any]]) -> tuple[Any, float, float]:
    """What some work gives, the longest work between two moments when others are served, and all of it, in seconds.

    The processor's time, of all threads: how busy the machine is otherwise changes nothing.
    """

    async def run() -> tuple[Any, float]:
        longest, last, done = 0.0, time.process_time(), False

        async def tick() -> None:
            nonlocal longest, last
            while not done:
                await asyncio.sleep(0.002)
                now = time.process_time()
                longest, last = max(longest, now - last), now

        ticking = asyncio.create_task(tick())
        try:
            result: Any = await work()
        except (ModelFailed, ModelUnfounded) as error:
            result = error
        done = True
        await ticking
        return result, longest

    start = time.process_time()
    result, longest = asyncio.run(run())
    return result, longest, time.process_time() - start


async def write(model: LanguageModel, hits: list[Hit], index: Index) -> str:
    draft = None
    brief = Brief(QUESTION, "fact", tuple((hit, hit.passage) for hit in hits), tuple(hits))
    async for event in model.write(brief, index, "", "fr"):
        draft = event if isinstance(event, Draft) else draft
    assert draft is not None
    return draft.text


def words(length: int) -> list[str]:
    return list(itertools.islice(itertools.cycle(["mot ", "et ", "encore "]), length // 5))


ENDLESS = {
    "100 kB without an end": words(100_000),
    "400 kB without an end": words(400_000),
    "400 kB in one piece": ["mot " * 100_000],
    "1 MB of letters": ["a" * 1_000_000],
    "100 kB a letter at a time": ["a"] * 20_000,
    "marks": ["[1]"] * 50_000,
    "a million marks in one piece": ["[1]" * 1_000_000],
    "marks and spaces": ["[1 " * 100_000],
    "stops": ["." * 400_000],
    "spaces after a stop": ["." + " " * 400_000],
    "line breaks": ["\n"] * 20_000,
    "short sentences": ["En 2019 [1]. "] * 20_000,
    "figures": ["1 2 3 4 5 6 7 8 9 " * 20_000],
    "number words": ["cent mille et un " * 20_000],
    "names": ["Paris Lyon Le Gers " * 20_000],
    "capitals": ["A-" * 200_000],
    "links": ["[a](b" * 50_000],
    "pictures": ["![a](b" * 50_000],
    "underscores": ["_a" * 100_000],
    "negations": ["pas, et non plus, " * 20_000],
    "addresses": ["a@a.fr@" * 50_000],
    "empty pieces": [""] * 30_000,
}


@pytest.mark.parametrize("sent", ENDLESS.values(), ids=ENDLESS)
def test_a_reply_without_an_end_neither_stops_the_server_nor_keeps_it_busy(
    sent: list[str], hits: list[Hit], own_index: Index
) -> None:
    with serving(stream([f"{TRUE}\n", *sent], end=False)) as url:
        model = model_at(url)
        text, pause, cpu = watched(lambda: write(model, hits, own_index))
    print(f"longest pause {pause:.3f} s, processor {cpu:.3f} s")
    assert pause < LONGEST_PAUSE
    assert cpu < MOST_CPU
    assert str(text).startswith(TRUE)
    assert MODEL_INTERRUPTED in text


def test_each_sentence_takes_a_short_time_whatever_it_is_made_of(hits: list[Hit]) -> None:
    given = [Given(hit, hit.passage) for hit in hits]
    slowest = 0.0
    for sent in ENDLESS.values():
        statement = "".join(itertools.islice(sent, 1000))[: LONGEST_STATEMENT - 40] + " [1][2][3]. Fin"
        reader = Proofreader(QUESTION, given, Citations(), Judging(open_checker()))
        start = time.thread_time()
        reader.read(statement)
        slowest = max(slowest, time.thread_time() - start)
    print(f"slowest {slowest:.3f} s")
    assert slowest < 1.0  # in a thread of its own


def test_reading_takes_a_time_that_grows_as_the_length() -> None:
    def measure(length: int) -> float:
        reader, start = Proofreader(QUESTION, (), Citations(), Judging(open_checker())), time.thread_time()
        for _ in range(length // 4):
            reader.read("[1] ")
        return time.thread_time() - start

    short, long = measure(20_000), measure(200_000)
    print(f"{short:.3f} s, {long:.3f} s")
    assert long < 30 * max(short, 0.02)


def test_what_nobody_sees_is_left_out_of_what_a_model_writes(hits: list[Hit], own_index: Index) -> None:
    hidden = "\ud800\u202e\u2066\u200b\ufeff\U000e0041\x07"
    sent = [
        f"Plus{hidden} de 47 000 personnes {hidden}",
        "ont voté en\udfff 2019, soit 33 % du corps électoral [1].\u2069 ",
    ]
    with serving(stream(sent)) as url:
        model = model_at(url)
        text, _, _ = watched(lambda: write(model, hits, own_index))
    assert text.startswith(TRUE)
    text.encode()


def test_an_answer_with_halves_of_characters_reaches_whoever_asked(own_index: Index, encoder: Encoder) -> None:
    with serving(stream([TRUE, " \ud83d Puis \u202e."])) as url:
        given = asyncio.run(answer(QUESTION, Knowledge(own_index, encoder, "", model_at(url))))
    assert (given.mode, given.answer.startswith(TRUE)) == ("llm", True)
    given.model_dump_json().encode()


def test_nothing_proved_in_a_reply_without_an_end_gives_the_sheets_own_words(
    own_index: Index, encoder: Encoder
) -> None:
    with serving(stream(words(100_000), end=False)) as url:
        given = asyncio.run(answer(QUESTION, Knowledge(own_index, encoder, "", model_at(url))))
    assert given.answer.startswith(MODEL_FAILED)
    assert "**47 000**" in given.answer


def _drip(first: list[bytes]) -> Iterator[bytes]:
    yield from first
    while True:
        yield b": still here\n"


@pytest.mark.parametrize("first", [[], stream([TRUE + " "], end=False)], ids=["from the start", "after a sentence"])
def test_a_server_that_sends_a_byte_now_and_then_for_ever_is_left(
    first: list[bytes], hits: list[Hit], own_index: Index
) -> None:
    with serving(_drip(first), pause=0.05) as url:
        model, start = model_at(url, timeout=0.5), time.monotonic()
        text, _, _ = watched(lambda: write(model, hits, own_index))
        assert time.monotonic() - start < 4
    assert isinstance(text, ModelFailed) or MODEL_INTERRUPTED in text


def test_a_reply_of_any_number_of_bytes_is_not_kept(hits: list[Hit], own_index: Index) -> None:
    sent = 0

    def flood() -> Iterator[bytes]:
        nonlocal sent
        yield stream([], end=False)[0]
        while sent < 20 * MOST_BYTES:  # without a line break: the client would keep all of it
            sent += 1 << 20
            yield b"x" * (1 << 20)

    with serving(flood()) as url:
        model = model_at(url)
        failed, pause, _ = watched(lambda: write(model, hits, own_index))
    assert isinstance(failed, ModelFailed)
    assert sent < 5 * MOST_BYTES
    assert pause < LONGEST_PAUSE


FOLLOW_UP = "et combien de votants ?"


@pytest.mark.parametrize("written", ["votants " * 50_000, "a" * 1_000_000, "\u202e" * 1000], ids=["words", "a", "rlo"])
def test_a_question_rewritten_without_an_end_is_understood_by_rules(
    written: str, own_index: Index, encoder: Encoder
) -> None:
    history = (Turn(query="Qui a mené un budget participatif ?", sheets=("1", "27")),)
    plain = Knowledge(own_index, encoder, "")
    expected = asyncio.run(answer(FOLLOW_UP, plain, history=history))
    with serving(whole(written)) as url:
        knowledge = Knowledge(own_index, encoder, "", model_at(url))
        given, pause, _ = watched(lambda: answer(FOLLOW_UP, knowledge, history=history))
    assert isinstance(given, Answer)
    assert given.standalone_question == expected.standalone_question
    assert pause < LONGEST_PAUSE


def test_questions_proposed_without_an_end_are_read_no_further() -> None:
    sheet = Sheet(id="1", title="Un budget participatif")
    prompt = read_prompt(PROMPTS, "propose_questions")
    reply = "Comment voter au budget participatif ?\n\u202e\ud800" + "mot " * 100_000
    with serving(whole(reply)) as url:
        chat = open_chat("openai:x", url, "", 5.0)
        assert chat is not None
        (written,) = asyncio.run(QuestionWriter(chat, prompt, "x").write([sheet]))
    assert written is not None
    assert written.startswith("Comment voter au budget participatif ?\nmot ")
    assert len(written) <= 4_000
    with serving(_drip(whole("")[:1]), pause=0.05) as url:
        chat, start = open_chat("openai:x", url, "", 5.0), time.monotonic()
        assert chat is not None
        assert asyncio.run(QuestionWriter(chat, prompt, "x", 1.0).write([sheet])) == [None]
        assert time.monotonic() - start < 3


def test_escapes_of_json_are_what_the_test_sends() -> None:
    assert json.loads(stream(["\ud800"])[1].removeprefix(b"data: "))["choices"][0]["delta"]["content"] == "\ud800"
