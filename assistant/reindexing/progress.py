"""Progress of a reindexing, as the terminal shows it and as the record of the run keeps it."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from assistant.reindexing.runs import RunNote
from index.build import Step

_STEPS: dict[Step, str] = {
    "sheets": "Fiches",
    "questions": "Questions",
    "public": "Passages publics",
    "members": "Passages réservés",
    "writing": "Écriture",
}


class Watch:
    """Tells what is being done: a line for each step with what is left, on a console if there is one."""

    def __init__(self, console: Console | None) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bars = Progress(*columns, console=console, transient=True) if console else None
        self._tasks: dict[str, TaskID] = {}
        self._console = console
        self._note: RunNote | None = None

    def __enter__(self) -> "Watch":
        if self._bars:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars:
            self._bars.stop()

    def follow(self, note: RunNote) -> None:
        """Keep the record of this run up to date too."""
        self._note = note

    def step(self, text: str) -> None:
        """Something begins whose length is not known."""
        if self._console:
            self._console.print(f"{text}…", markup=False)
        if self._note:
            self._note.note_step(text)

    def embed(self, step: Step, done: int, total: int) -> None:
        """So many texts are done of these."""
        self._count(_STEPS[step], done, total)

    def propose(self, done: int, total: int) -> None:
        """The language model was asked about so many sheets."""
        self._count("Fiches lues par le modèle de langue", done, total)

    def _count(self, name: str, done: int, total: int) -> None:
        if self._bars:
            if name not in self._tasks:
                self._tasks[name] = self._bars.add_task(name, total=total)
            self._bars.update(self._tasks[name], completed=done)
        if self._note:
            self._note.note_step(name, done, total)
