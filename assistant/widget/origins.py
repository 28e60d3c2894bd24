"""Origins: the sites that may show the assistant in their pages, exact, as the settings and the staff name them."""

import json
import logging
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from assistant.staff.accounts import write_private

MOST_ORIGINS = 50
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\]")
_EXAMPLE = "écrivez une origine exacte, comme https://www.exemple.fr"
_log = logging.getLogger(__name__)


def read_origin(text: str) -> str:
    """An origin as browsers write it, or raise ValueError with the reason in French. No wildcard, path or "null"."""
    given = text.strip()
    if "*" in given:
        raise ValueError(f"{given!r} : les jokers (*) ne sont pas acceptés, {_EXAMPLE}")
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{given!r} n'est pas une adresse, {_EXAMPLE}") from error
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"{given!r} : https:// (ou http://) puis le nom du site sont attendus, {_EXAMPLE}")
    if (
        parts.path not in ("", "/")
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
        or given.endswith(("?", "#"))
    ):
        raise ValueError(f"{given!r} : sans page ni compte après ou avant le nom du site, {_EXAMPLE}")
    host = _write_host(parts.hostname)
    if not _HOST.fullmatch(host):
        raise ValueError(f"{given!r} n'a pas un nom de site correct, {_EXAMPLE}")
    shown_port = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{shown_port}"


def _write_host(name: str) -> str:
    """A host's name as browsers send it: accents in punycode, IPv6 in brackets."""
    if ":" in name:
        return f"[{name}]"
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return ""


def origin_of(address: str) -> str:
    """The origin of a page's address, "" when it is none."""
    try:
        parts = urlsplit(address)
        return read_origin(f"{parts.scheme}://{parts.netloc}")
    except ValueError:
        return ""


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
