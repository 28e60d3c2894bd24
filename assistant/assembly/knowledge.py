"""Assembly: opens model, index and language model once, from the settings."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from assistant.assembly.versions import open_best, open_store
from assistant.llm.model import Limits, open_model
from assistant.notes.shelf import Shelf
from assistant.pipeline import Knowledge
from assistant.process.computing import compute
from assistant.settings import Settings
from ingest.refusal import Refusal, explain_os_error
from ingest.sheet import Access

if TYPE_CHECKING:
    from assistant.checks.checker import Checker
    from assistant.checks.support import Support
    from assistant.llm.review import Reviewer
    from index.encoding.encoder import Encoder


class DataDirUnwritable(Refusal):
    """The data directory cannot be written; the message says which, in French."""


def assemble(settings: Settings, access: Access, *, whatever_opens: bool = False) -> Knowledge:
    """What answers are made from, for readers of this access. Errors of the parts pass through.

    `whatever_opens`: from an older version rather than from none, when the current one is spoiled.
    """
    prepare_data_dir(settings)
    store, name = open_store(settings), settings.model_name
    index = open_best(store, name, access) if whatever_opens else store.open(name, access)
    encoder, notes = compute(open_settings_encoder, settings), Shelf(settings.notes_dir)
    model = open_model(
        settings.llm,
        settings.llm_base_url,
        settings.llm_api_key.get_secret_value(),
        Limits(settings.llm_timeout, settings.llm_context, settings.llm_strict, settings.llm_review),
        settings.prompts_dir,
        lambda: compute(open_checker, settings, encoder),
    )
    return Knowledge(index, encoder, settings.contact, model, notes=notes)


def open_checker(settings: Settings, encoder: Encoder | None = None) -> Checker:
    """What judges statements, with the entailment model of the settings, or raise EntailmentUnavailable."""
    from assistant.checks.checker import Checker  # noqa: PLC0415 - as above
    from assistant.checks.entailment import open_entailment  # noqa: PLC0415

    name = settings.checker_model
    return Checker(*open_judgement(settings, encoder), open_entailment(name) if name else None)


def open_judgement(settings: Settings, encoder: Encoder | None = None) -> tuple[Encoder, Support]:
    """What a checker is made of: fitted on the states of the default model, opened where another one searches."""
    from assistant.checks.support import load  # noqa: PLC0415 - as above
    from index.encoding.encoder import open_encoder  # noqa: PLC0415

    fitted = load()
    if encoder is None or encoder.name != fitted.encoder:
        encoder = open_encoder(Settings.model_fields["embedding_model"].default, settings.models_dir)
    return encoder, fitted


def open_reviewer(settings: Settings) -> Reviewer | None:
    """The language model that judges what is doubtful, where the settings name one and ask it to."""
    from assistant.llm.model import CONTEXT, open_chat  # noqa: PLC0415
    from assistant.llm.prompt import read_prompts  # noqa: PLC0415
    from assistant.llm.review import Reviewer  # noqa: PLC0415

    prompts, key = read_prompts(settings.prompts_dir), settings.llm_api_key.get_secret_value()
    chat = open_chat(settings.llm, settings.llm_base_url, key, settings.llm_timeout) if settings.llm_review else None
    context = settings.llm_context or CONTEXT
    return Reviewer(chat, prompts.review, settings.llm_timeout, context) if chat else None


def open_settings_encoder(settings: Settings) -> Encoder:
    """The embedding model of the settings."""
    from index.encoding.encoder import open_encoder  # noqa: PLC0415 - takes seconds, which many commands can do without

    return open_encoder(settings.embedding_model, settings.models_dir, settings.adapter)


def prepare_data_dir(settings: Settings) -> None:
    """Make the data directory, or raise DataDirUnwritable."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-{os.getpid()}"
        probe.touch()
        with contextlib.suppress(FileNotFoundError):
            probe.unlink()
    except OSError as error:
        raise DataDirUnwritable(
            f"Le dossier de données {str(folder)!r} ne peut pas être écrit ({explain_os_error(error)}). "
            "Donnez-y le droit d'écriture, ou indiquez-en un autre dans ASSISTANT_DATA_DIR."
        ) from error
