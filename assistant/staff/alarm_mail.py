"""Alarm mail: tells staff by e-mail what goes wrong while nobody looks, once for each thing."""

import fcntl
import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from smtplib import SMTPException

from assistant.members.mail import Mailer
from assistant.process.background import in_background
from assistant.reindexing.alarms import Alarm

_LOOK_EVERY = 60.0  # seconds
_SUBJECT = "L'assistant demande votre attention"
_TEXT = """\
Bonjour,

{text}

Voyez {address}

Ce message ne sera pas répété tant que c'est ainsi.
"""
_log = logging.getLogger(__name__)


class AlarmMail:
    """Looks at the alarms now and then. What was told is kept in a file, which servers of one folder share."""

    def __init__(
        self, find: Callable[[], Sequence[Alarm]], mailer: Mailer, addresses: Sequence[str], site: str
    ) -> None:
        self._find, self._mailer, self._addresses, self._site = find, mailer, addresses, site
        self._stopped = threading.Event()

    @contextmanager
    def running(self, told: Path, every: float = _LOOK_EVERY) -> Iterator[None]:
        """While this is open, tell what goes wrong; what was told is in this file."""

        def run() -> None:
            while not self._stopped.wait(every):
                self.tell(told)

        with in_background("alarms", run, self._stopped.set):
            yield

    def tell(self, told: Path) -> None:
        """Send what was not told yet; forget what is over. A mail server that is down is asked again later."""
        with told.open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # another server tells
                return
            file.seek(0)
            known = _read(file.read())
            kept = [alarm.kind for alarm in self._find() if alarm.kind in known or self._send(alarm)]
            if kept != known:
                file.seek(0)
                file.truncate()
                file.write(json.dumps(kept))

    def _send(self, alarm: Alarm) -> bool:
        page = f"/reindexations/{alarm.run}" if alarm.run else ""
        text = _TEXT.format(text=alarm.text, address=f"{self._site}/admin{page}")
        try:
            for address in self._addresses:
                self._mailer.send(address, _SUBJECT, text)
        except (OSError, SMTPException) as error:
            _log.warning("An alarm could not be sent by mail: %s", type(error).__name__)
            return False
        return True


def _read(text: str) -> list[str]:
    try:
        return [str(kind) for kind in json.loads(text)]
    except (ValueError, TypeError):
        return []
