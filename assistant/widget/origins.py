"""Origins: the sites that may show the assistant in their pages, exact, as the settings and the staff name them."""

import json
import logging
from collections.abc import Iterable
from pathlib import Path

from assistant.credentials.private_file import write_private
from assistant.validation.origin import read_origin

MOST_ORIGINS = 50
_log = logging.getLogger(__name__)


class WidgetOrigins:
    """The origins allowed: those of the settings, and those that the staff keep in the data directory.

    The file is read again when it changes, so that what the staff write holds at once, on every server of this folder.
    """

    def __init__(self, of_settings: Iterable[str], data_dir: Path) -> None:
        self.of_settings = tuple(of_settings)
        self._path = data_dir / "widget-origins.json"
        self._seen: tuple[int, int] | None = None
        self._kept: tuple[str, ...] = ()

    def kept(self) -> tuple[str, ...]:
        """Those of the staff. A file that cannot be read allows nobody."""
        try:
            stat = self._path.stat()
            seen = (stat.st_mtime_ns, stat.st_ino)
            if seen != self._seen:
                self._kept = tuple(read_origin(each) for each in json.loads(self._path.read_bytes()))
                self._seen = seen
        except FileNotFoundError:
            self._seen, self._kept = None, ()
        except (OSError, ValueError, TypeError, AttributeError):
            _log.exception("The origins of the staff cannot be read: %s", self._path)
            self._seen, self._kept = None, ()
        return self._kept

    def allowed(self) -> tuple[str, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys((*self.of_settings, *self.kept())))

    def keep(self, origins: Iterable[str]) -> None:
        """Replace those of the staff, or raise ValueError in French."""
        read = tuple(dict.fromkeys(read_origin(each) for each in origins))
        if len(read) > MOST_ORIGINS:
            raise ValueError(f"{MOST_ORIGINS} sites au plus")
        write_private(self._path, json.dumps(read, indent=1))
