"""Alarms: what staff must know though nobody was looking: a run that nobody started fails, an index grows old."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

from assistant.french.dates import say_date, say_delay
from assistant.reindexing.runs import Run, RunJournal, Trigger
from ingest.sheet import Frozen

Kind = Literal["sources", "age"]
KINDS: tuple[Kind, ...] = ("sources", "age")
_UNSEEN: tuple[Trigger, ...] = ("schedule", "webhook", "api")  # nobody looks at the page of these runs
_GOOD, _BAD, _AT_WORK = ("done", "unchanged"), ("failed", "refused", "interrupted"), ("starting", "running")
_FAILED = "La dernière réindexation automatique n'a pas abouti : voyez /admin. La version en service est intacte."
_OLD = "Les sources n'ont pas été relues depuis longtemps : voyez /admin."
_WHY = {"refused": "refusée par les contrôles", "interrupted": "interrompue"}


class Alarm(Frozen):
    """Something that goes wrong, in French, and the run that tells more, if there is one.

    `short` may be told to anyone: it names no source.
    """

    kind: Kind
    text: str
    short: str
    run: str = ""


def find_alarms(
    journal: RunJournal, created: str, oldest: timedelta | None, now: datetime | None = None
) -> list[Alarm]:
    """What goes wrong now. `created` is when the version in service was made; beyond `oldest` it is old."""
    failed: Run | None = None
    read = created
    for run in journal.iterate_runs():
        if run.dry_run or run.status in _AT_WORK:
            continue
        if run.status in _GOOD:
            read = max(created, run.ended)
            break
        if run.status in _BAD and run.trigger in _UNSEEN and failed is None:
            failed = run
    return [*_tell_failure(failed), *_tell_age(read, oldest, now or datetime.now(UTC))]


def _tell_failure(run: Run | None) -> Iterator[Alarm]:
    if run:
        why = _WHY.get(run.status, "en échec")
        text = f"La réindexation du {say_date(run.started)}, que personne ne suivait, est {why} : {run.error}"
        text = f"{text.rstrip(' :.')}. La version en service est intacte."
        yield Alarm(kind="sources", text=text, short=_FAILED, run=run.id)


def _tell_age(read: str, oldest: timedelta | None, now: datetime) -> Iterator[Alarm]:
    if oldest and now - datetime.fromisoformat(read) > oldest:
        text = f"Les sources n'ont pas été relues depuis le {say_date(read)} : le réglage ASSISTANT_INDEX_AGE demande "
        text += f"qu'elles le soient à {say_delay(oldest)} d'intervalle au plus."
        yield Alarm(kind="age", text=text, short=_OLD)
