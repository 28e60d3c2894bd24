"""Origins: those of web pages, as browsers write them."""

import re
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\]")
_EXAMPLE = "écrivez une origine exacte, comme https://www.exemple.fr"


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
