"""Fetcher: the address of a source becomes files on this machine, and the revision they are at."""

import contextlib
import hashlib
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import httpx2

from ingest.guard import is_private
from ingest.repository import Remote, SourceUnreachable, is_served_by_git, update_repository
from ingest.sheet import Frozen

__all__ = ["Fetched", "SourceUnreachable", "fetch_source", "find_kept", "show_address"]

_SECONDS = 300  # for one download
_MOST_MEGABYTES = 50
_FILE_SUFFIXES = {".csv", ".tsv", ".gz", ".xlsx", ".ods", ".xls", ".md", ".markdown", ".txt"}
_CONDITIONS = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
_RECORD = ".revision.json"
_WEB = ("http://", "https://")
_DENIED = ("accès refusé", "Donnez une adresse publique, ou qui porte ses droits.")
_ABSENT = ("rien à cette adresse", "Corrigez-la ; pour un dépôt git, commencez par git+.")
_STATUSES = {401: _DENIED, 403: _DENIED, 404: _ABSENT, 410: _ABSENT}
# An address that git or the web understands; git would take what starts with a hyphen for an option.
_ADDRESS = re.compile(r"(?:https?|ssh|git|file)://(?!-)|[\w.][\w.-]*@[\w.][\w.-]*:(?!-)", re.IGNORECASE)
# What stands before @; urlsplit would miss a password in which / ? or # were not escaped.
_LOGIN = re.compile(
    r"""([a-z][a-z0-9+.-]{0,30}://|^)(       # https://, or nothing as in git@example.org:fiches
    [^/?#]*                             # a login as it should be
    |[^/?#:]*:(?!//|\d+(?:[/?#]|$)).{0,200}    # or a user, then any password; but :// is no login, nor :8443 a password
    )@""",
    re.IGNORECASE | re.VERBOSE,
)
# The value of a parameter that may be a secret, by its name or its length; urllib.parse would write the others anew.
_SECRET = re.compile(
    r"([?&](?=[^=&#?]*=)(?:[^=&#?]*(?:token|key|secret|sig|pass|auth|cred|code|jwt)[^=&#?]*=|[^=&#?]*=(?=[^&#]{20})))"
    r"[^&#]+",
    re.IGNORECASE,
)


class Fetched(Frozen):
    """A folder or file that can be read now. `revision` is a commit, or the ETag or date sent; "" for a local path."""

    path: Path
    revision: str


def fetch_source(address: str, store: Path, *, private: bool = False) -> Fetched:
    """Bring a source here, downloading only what changed since last time, or raise SourceUnreachable.

    An address of the private network is refused, also behind a redirection, unless `private` ones are allowed.
    """
    address = address.strip()
    if path := _find_local(address):
        return Fetched(path=path, revision="")
    remote, folder = _read_address(address), _folder_of(address, store)
    if not private:
        _refuse_private(remote, remote.url)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if _is_repository(remote, folder):
            return Fetched(path=folder / remote.inside, revision=update_repository(remote, folder))
        return _fetch_file(remote, folder, private=private)
    except OSError as error:
        raise remote.refuse(f"le dossier {store} ne s'écrit pas ({error.strerror})", "Vérifiez ses droits.") from error


def _refuse_private(remote: Remote, url: str) -> None:
    host = _find_host(url)
    if host and is_private(host):
        raise remote.refuse(
            f"{host} est une adresse de cette machine ou de son réseau privé",
            "Si c'est voulu, écrivez private = true dans la liste des sources, ou ASSISTANT_PRIVATE_SOURCES=true.",
        )


def _find_host(url: str) -> str:
    """The host of a web address or of git's: ssh://, git://, user@host:path; "" for a file."""
    parts = urlsplit(url)
    if parts.scheme.lower() in ("http", "https", "ssh", "git"):
        return parts.hostname or ""
    return "" if parts.scheme.lower() == "file" else url.rpartition("@")[2].partition(":")[0]


def find_kept(address: str, store: Path) -> Path | None:
    """Where a source lies that is local or was fetched before, without asking anyone; None when it is not here."""
    address = address.strip()
    if path := _find_local(address):
        return path
    remote, folder = _read_address(address), _folder_of(address, store)
    kept = folder / (remote.inside if (folder / ".git").is_dir() else _name_file(remote.url))
    return kept if kept.exists() else None


def _folder_of(address: str, store: Path) -> Path:
    place = _LOGIN.sub(r"\1", address)  # the folder is named after it: a new password brings nothing anew
    return store.absolute() / hashlib.sha256(place.encode()).hexdigest()[:16]


def show_address(address: str) -> str:
    """The address as it may be shown: without password or token, nor the user of a web address."""
    return _SECRET.sub(r"\1…", _LOGIN.sub(_hide_login, address))


def _hide_login(login: re.Match[str]) -> str:
    is_web = login[1].lower().endswith(_WEB)
    return login[1] if is_web else f"{login[1]}{login[2].partition(':')[0]}@"


def _find_local(address: str) -> Path | None:
    with contextlib.suppress(OSError, RuntimeError):  # a name too long, the home of nobody
        path = Path(address).expanduser()
        return path if address and path.exists() else None
    return None


def _read_address(address: str) -> Remote:
    shown = show_address(address)
    url, _, fragment = address.removeprefix("git+").partition("#")
    if not _ADDRESS.match(url) or not unquote(address).isprintable():
        wanted = "un dossier, un fichier, l'adresse d'un dépôt git ou d'un tableau CSV"
        raise SourceUnreachable(f"Source {shown!r} introuvable. Indiquez {wanted}.")
    name, _, inside = fragment.partition(":")
    if name.startswith("-") or inside.startswith("/") or {"..", ".git"} & set(PurePosixPath(inside).parts):
        raise SourceUnreachable(f"{shown} : après le #, indiquez une branche ou une étiquette, puis « :dossier ».")
    if not url.lower().startswith(_WEB):
        return Remote(shown, show_address(url), True, name, inside, None)
    try:
        url, login = _split_login(url)
    except ValueError as error:
        raise SourceUnreachable(f"{shown} : adresse mal formée. Écrivez %40, %2F ou %23 pour @, / ou #.") from error
    return Remote(shown, url, address.startswith("git+"), name, inside, login)


def _split_login(url: str) -> tuple[str, tuple[str, str] | None]:
    """A web address without its login, and the login; or raise ValueError."""
    parts = urlsplit(url)
    if not parts.hostname or parts.port == 0:
        raise ValueError("no host")
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl(), login


def _is_repository(remote: Remote, folder: Path) -> bool:
    """Whether git is the one to ask; git says so itself where the address does not tell."""
    parts = urlsplit(remote.url)
    if remote.is_git or parts.path.rstrip("/").endswith(".git"):
        return True
    if parts.query or PurePosixPath(parts.path).suffix.lower() in _FILE_SUFFIXES:
        return False
    return (folder / ".git").is_dir() or is_served_by_git(remote)


def _fetch_file(remote: Remote, folder: Path, *, private: bool) -> Fetched:
    """Download a file, unless the server says that the kept one is still right."""
    folder.mkdir(exist_ok=True)
    path = folder / _name_file(remote.url)
    kept = _read_record(path)
    conditions = {header: kept[name] for header, name in _CONDITIONS.items() if name in kept}
    with _ask(remote, conditions, private=private) as answer:
        if answer.status_code == 304 and conditions:
            return Fetched(path=path, revision=kept["revision"])
        if answer.status_code in _STATUSES:
            raise remote.refuse(*_STATUSES[answer.status_code])
        if answer.status_code != 200:
            raise remote.refuse(f"le serveur répond {answer.status_code}")
        return _keep(remote, answer, path)


def _name_file(url: str) -> str:
    """The end of the address as a plain file name; what is not known for a text is taken for a table."""
    last = unquote(urlsplit(url).path).replace("\\", "/").rpartition("/")[2]
    name = re.sub(r"[^\w.-]+", "_", last)[-60:].lstrip(".-") or "source"  # letters, figures, dots, hyphens stay
    return name if PurePosixPath(name).suffix.lower() in _FILE_SUFFIXES else f"{name}.csv"


def _read_record(path: Path) -> dict[str, str]:
    """What the server said of the kept file; nothing if there is none, or if a kill cut the record."""
    try:
        return dict(json.loads(path.with_name(_RECORD).read_text(encoding="utf-8"))) if path.is_file() else {}
    except (OSError, ValueError):
        return {}


@contextlib.contextmanager
def _ask(remote: Remote, headers: dict[str, str], *, private: bool) -> Iterator[httpx2.Response]:
    """The answer of the server, whose body is still to come; what breaks on the way is refused in our words."""

    def check(request: httpx2.Request) -> None:
        if not private:  # each redirection is asked for anew
            _refuse_private(remote, str(request.url))

    hooks = {"request": [check]}
    client = httpx2.Client(auth=remote.login, follow_redirects=True, max_redirects=5, timeout=20, event_hooks=hooks)
    try:
        with client, client.stream("GET", remote.url, headers=headers) as answer:
            yield answer
    except httpx2.TimeoutException as error:
        raise remote.refuse("le serveur ne répond pas à temps") from error
    except httpx2.TooManyRedirects as error:
        raise remote.refuse("trop de redirections", "Donnez l'adresse du fichier lui-même.") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise remote.refuse("serveur injoignable ou connexion coupée") from error


def _keep(remote: Remote, answer: httpx2.Response, path: Path) -> Fetched:
    """Download aside, check, replace: whenever this is stopped, the kept file is whole."""
    part, record = path.with_name(".download.part"), path.with_name(_RECORD)
    try:
        digest = _download(remote, answer, part)
        _check(remote, answer.headers.get("content-type", ""), part)
        record.unlink(missing_ok=True)  # before: it must never speak of another file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    known = {name: answer.headers[name] for name in _CONDITIONS.values() if name in answer.headers}
    revision = known.get("etag") or known.get("last-modified") or digest
    record.write_text(json.dumps({**known, "revision": revision}), encoding="utf-8")
    return Fetched(path=path, revision=revision)


def _download(remote: Remote, answer: httpx2.Response, part: Path) -> str:
    """Write what comes, within limits of size and time; its digest, the revision of a server that names none."""
    digest, size, end = hashlib.sha256(), 0, time.monotonic() + _SECONDS
    with part.open("wb") as file:
        for chunk in answer.iter_bytes():
            size += len(chunk)
            if size > _MOST_MEGABYTES * 2**20:
                raise remote.refuse(f"fichier de plus de {_MOST_MEGABYTES} Mo", "Donnez l'adresse du tableau seul.")
            if time.monotonic() > end:
                raise remote.refuse(f"pas de réponse complète en {_SECONDS} secondes")
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()[:16]


def _check(remote: Remote, content_type: str, part: Path) -> None:
    with part.open("rb") as file:
        start = file.read(2000).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start:
        raise remote.refuse("le fichier est vide", "Corrigez l'adresse, ou publiez-le à nouveau.")
    if start.startswith((b"<!doctype html", b"<html")) or (start.startswith(b"<") and "html" in content_type):
        page = "c'est une page web, pas un fichier (peut-être une page de connexion)"
        raise remote.refuse(page, "Donnez l'adresse de téléchargement ; pour un dépôt git, commencez par git+.")
