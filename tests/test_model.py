"""Answers with a language model: a real llama.cpp server, a scripted model where the words must be known."""

import asyncio
import re
import socket
import threading
from collections.abc import Iterator

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from assistant.answer import Answer, Delta, answer, stream_answer
from assistant.model import LanguageModel, ModelUnavailable, open_model
from assistant.prompt import read_prompt
from assistant.search import Knowledge
from assistant.settings import ROOT
from assistant.wording import MODEL_FAILED, MODEL_UNFOUNDED
from index.encoder import Encoder
from index.versions import Index

PROMPTS = ROOT / "prompts"
QUESTION = "Combien de personnes ont voté au budget participatif du Gers en 2019 ?"


def ask(question: str, index: Index, encoder: Encoder, model: LanguageModel | None) -> Answer:
    return asyncio.run(answer(question, Knowledge(index, encoder, model, "contact@exemple.fr")))


def scripted(*replies: str) -> LanguageModel:
    """A model that gives these replies, word by word."""
    chat = GenericFakeChatModel(messages=iter([AIMessage(content=reply) for reply in replies]))
    prompts = (read_prompt(PROMPTS, name) for name in ("answer_rules", "answer_question", "rewrite_question"))
    return LanguageModel(chat, *prompts, 5.0)


def test_proved_statements_are_shown_with_their_citations(real_index: Index, encoder: Encoder) -> None:
    model = scripted("En 2019, plus de 47000 votants ont participé dans le Gers [1]. Marseille a fait mieux [2].")
    given = ask(QUESTION, real_index, encoder, model)
    assert (given.mode, given.abstained, given.prompt) == ("llm", False, "answer_rules@1 answer_question@1")
    assert given.answer.startswith(
        "En 2019, plus de 47000 votants ont participé dans le Gers [1].\n\n*Cette démarche date"
    )
    assert "Marseille" not in given.answer
    assert [(citation.n, citation.sheet) for citation in given.citations] == [(1, "1")]
    assert "47000 votants" in given.citations[0].quote


def test_what_is_streamed_is_what_is_answered(real_index: Index, encoder: Encoder) -> None:
    knowledge = Knowledge(
        real_index, encoder, scripted("Plus de 47000 votants en 2019 [1].\nInventé 12345 [1].\nFin."), ""
    )

    async def collect() -> list[Delta | Answer]:
        return [event async for event in stream_answer(QUESTION, knowledge)]

    *pieces, last = asyncio.run(collect())
    assert isinstance(last, Answer)
    streamed = "".join(piece.text for piece in pieces if isinstance(piece, Delta))
    assert streamed.strip() == last.answer
    assert "12345" not in streamed


@pytest.mark.parametrize("reply", ["Marseille compte 900000 votants [1].", "Sans aucune preuve.", "[42]"])
def test_a_reply_without_any_proof_gives_way_to_the_sheets_own_words(
    reply: str, real_index: Index, encoder: Encoder
) -> None:
    given = ask(QUESTION, real_index, encoder, scripted(reply))
    assert (given.mode, given.prompt) == ("extractive", "")
    assert given.answer.startswith(MODEL_UNFOUNDED)
    assert "**47000**" in given.answer


def test_a_model_may_say_that_no_passage_answers(real_index: Index, encoder: Encoder) -> None:
    given = ask(QUESTION, real_index, encoder, scripted("AUCUNE FICHE NE RÉPOND"))
    assert (given.mode, given.abstained, given.citations) == ("llm", True, ())


def test_the_model_is_not_asked_when_nothing_answers(real_index: Index, encoder: Encoder) -> None:
    given = ask("Quelle est la recette de la tarte aux pommes ?", real_index, encoder, scripted())
    assert (given.mode, given.abstained) == ("extractive", True)


def test_a_real_model_that_rambles_shows_nothing_false(real_index: Index, encoder: Encoder, llama_server: str) -> None:
    model = open_model("openai:smollm2", llama_server, "", 30.0, PROMPTS)
    given = ask("How do towns involve young people in their budgets?", real_index, encoder, model)
    passages = {passage.id: passage for part in real_index.parts for passage in part.passages}
    assert given.citations
    assert all(citation.quote in passages[citation.passage].text for citation in given.citations)
    quoted = re.sub(r"\D", " ", " ".join(passages[citation.passage].text for citation in given.citations))
    if given.mode == "llm":
        assert set(re.findall(r"\d+", re.sub(r"\[\d+\]", "", given.answer))) <= set(quoted.split())
    else:
        assert given.answer.startswith((MODEL_UNFOUNDED, MODEL_FAILED))


def test_a_server_that_is_not_there_gives_the_sheets_own_words(real_index: Index, encoder: Encoder) -> None:
    given = ask(QUESTION, real_index, encoder, open_model("openai:x", "http://127.0.0.1:9/v1", "", 5.0, PROMPTS))
    assert given.answer.startswith(MODEL_FAILED)
    assert "**47000**" in given.answer


@pytest.fixture
def silent_server() -> Iterator[str]:
    """A server that accepts requests and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        accepted: list[socket.socket] = []
        thread = threading.Thread(target=lambda: accepted.append(listener.accept()[0]), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        for connection in accepted:
            connection.close()


def test_a_server_that_is_too_slow_gives_the_sheets_own_words(
    silent_server: str, real_index: Index, encoder: Encoder
) -> None:
    given = ask(QUESTION, real_index, encoder, open_model("openai:x", silent_server, "", 0.5, PROMPTS))
    assert given.answer.startswith(MODEL_FAILED)
    assert given.seconds["model"] < 3


@pytest.mark.parametrize("name", ["pas-un-fournisseur:x", "modele-sans-fournisseur"])
def test_a_wrong_name_is_refused_with_how_to_write_it(name: str) -> None:
    with pytest.raises(ModelUnavailable, match=r"ASSISTANT_LLM = .*fournisseur:modèle"):
        open_model(name, "", "", 5.0, PROMPTS)


def test_no_name_means_no_model() -> None:
    assert open_model("", "", "", 5.0, PROMPTS) is None
