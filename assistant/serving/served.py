"""Served: what the server answers from, always one whole version, replaced when another becomes current."""

import gc
import logging
import math
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from assistant.finding.notes import prepare_notes
from assistant.finding.outside import prepare_outside
from assistant.finding.search import find_hits
from assistant.pipeline import Knowledge
from assistant.process.background import in_background
from assistant.process.computing import compute
from assistant.serving.rehearsal import rehearse
from index.manifest import IndexUnreachable
from index.storage.version_store import VersionStore
from ingest.refusal import Refusal

_log = logging.getLogger(__name__)
_LOOK_EVERY = 1.0  # seconds
_LEFT_AFTER = 30.0  # seconds: whoever was being answered from the version before has what was asked
_WARM_UP = (
    "Combien de fiches parlent d'asocier les habitants du Grs ?"  # parsed, and with slips: the words known are read
)


def warm_up(knowledge: Knowledge) -> None:
    """Ask a first question and read what questions are measured by: nobody should wait for what this prepares."""
    compute(prepare_outside, knowledge.encoder)
    prepare_notes(knowledge)
    find_hits(_WARM_UP, knowledge)


def settle() -> None:
    """Leave what is there by now out of Python's search for objects that hold each other and that nobody needs.

    It searches once a quarter as many were made as there are: with a model and an index in that count, documents and
    answers would wait for it by the hundred megabytes. Those of a version that was replaced are looked for here.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.collect()  # of nothing: from now on a quarter of what is left, not of what was there


class Served:
    """Holds the knowledge in service. Whoever answers takes it once, and keeps it until the answer is whole."""

    def __init__(self, knowledge: Knowledge, store: VersionStore) -> None:
        self._knowledge, self.store = knowledge, store
        self.failed = ""  # the version that could not be opened, told once
        self._unreachable = ""  # why versions cannot be looked for, told once
        self._stopped = threading.Event()

    def knowledge(self) -> Knowledge:
        """The version in service now."""
        return self._knowledge

    @contextmanager
    def following(self) -> Iterator[None]:
        """While this is open, take each version that becomes current, within seconds; meanwhile, rehearse the first."""
        with ExitStack() as stack:
            for name, work in (("versions", self._follow), ("rehearsal", self._rehearse)):
                stack.enter_context(in_background(name, work, self._stopped.set))
            yield

    def _rehearse(self) -> None:
        rehearse(self._knowledge, self._stopped.is_set)

    def refresh(self) -> bool:
        """Take the current version if it is another; whether it was. One that cannot be opened changes nothing."""
        index = self._knowledge.index
        try:
            version = self.store.current()
        except Refusal as error:
            self._note_unreachable(str(error))
            return False
        self._note_unreachable("")
        if version in (None, index.manifest.version, self.failed):
            return False
        try:
            new = self.store.open(index.manifest.model, index.access, version)
        except IndexUnreachable as error:
            self._note_unreachable(str(error))  # tried again: the version may be good
            return False
        except (Refusal, OSError) as error:
            self.failed = version or ""
            _log.error("Version %s cannot be served, %s stays: %s", version, index.manifest.version, error)
            return False
        knowledge = replace(self._knowledge, index=new)
        warm_up(knowledge)
        settle()
        self._knowledge = knowledge
        _log.info("Version %s is served", version)
        return True

    def _note_unreachable(self, reason: str) -> None:
        """Tell once that versions cannot be looked for, and once that they can again; "" when they can."""
        if reason and not self._unreachable:
            _log.error("Versions cannot be looked for: %s", reason)
        elif self._unreachable and not reason:
            _log.info("Versions can be looked for again")
        self._unreachable = reason

    def _follow(self) -> None:
        due = math.inf
        while not self._stopped.wait(_LOOK_EVERY):
            if self.refresh():
                due = time.monotonic() + _LEFT_AFTER
            elif time.monotonic() >= due:
                settle()  # parts of the version before hold each other
                due = math.inf
