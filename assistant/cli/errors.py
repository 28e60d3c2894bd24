"""Command: how every command ends when something cannot be done as asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console

from assistant.process.stopping import Terminated
from assistant.settings import unknown_settings
from ingest.refusal import Refusal, explain_os_error

notices = Console(stderr=True, highlight=False)
_SAYS_NO = {"ReindexRefused", "ReindexRunning", "StoreBusy", "AdaptRefused"}  # by name: --help stays instant


@contextmanager
def clear_errors() -> Iterator[None]:
    """An error that someone can mend ends the command with one sentence and code 2, without a traceback.

    A safety check that says no is not a mistake of whoever asked: its code is 3.
    """
    try:
        for name in unknown_settings():
            notices.print(f"Réglage inconnu, ignoré : {name}. Voyez .env.example.", markup=False)
        yield
    except Refusal as error:
        fail(str(error), 3 if type(error).__name__ in _SAYS_NO else 2)
    except OSError as error:
        fail(f"{error.filename or ''} : {explain_os_error(error)}.".lstrip(" :"))
    except KeyboardInterrupt as error:
        raise typer.Exit(143 if isinstance(error, Terminated) else 130) from None


def fail(message: str, code: int = 2) -> NoReturn:
    """End the command with this sentence and this code."""
    typer.echo(message, err=True)
    raise typer.Exit(code)
