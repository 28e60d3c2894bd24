"""Language models that tests script, with the prompts of the project and its checker."""

from functools import cache

from conftest import MODELS
from langchain_core.language_models import BaseChatModel

from assistant.checks.checker import Checker
from assistant.llm.model import LanguageModel, Limits, open_model
from assistant.llm.prompt import read_prompts
from assistant.settings import ROOT
from index.encoding.encoder import open_encoder

PROMPTS = ROOT / "prompts"


@cache
def open_checker() -> Checker:
    """What judges sentences, opened once in a process."""
    return Checker(open_encoder("multilingual-e5-small", MODELS))


def model_of(chat: BaseChatModel, timeout: float = 5.0, context: int = 4096, *, strict: bool = False) -> LanguageModel:
    """A language model that says what this chat model says."""
    return LanguageModel(chat, read_prompts(PROMPTS), open_checker(), Limits(timeout, context, strict))


def model_at(url: str, timeout: float = 5.0, context: int = 4096, name: str = "openai:x") -> LanguageModel:
    """The language model at an address."""
    model = open_model(name, url, "", Limits(timeout, context), PROMPTS, open_checker)
    assert model is not None
    return model
