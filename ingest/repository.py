"""Repository: what a git server has becomes a folder on this machine, at the commit that was asked for."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ingest.refusal import Refusal

_SECONDS = 300
_ASK_SECONDS = 60
_PROBE_SECONDS = 10
_HEAD = "refs/source/head"  # what was fetched last, in the kept repository
# No hooks, nothing in the background that would leave locks; links become small text files, they lead nowhere.
_SETTINGS = f"""
    core.hooksPath={os.devnull} core.symlinks=false core.fsmonitor=false core.logAllRefUpdates=false gc.autoDetach=false
    submodule.recurse=false protocol.ext.allow=never http.lowSpeedLimit=1 http.lowSpeedTime=60
    filter.lfs.smudge= filter.lfs.process= filter.lfs.required=false""".split()
_HELPER = '!f() { printf "username=%s\\npassword=%s\\n" "$SOURCE_USER" "$SOURCE_PASSWORD"; }; f'
_PLACES = ("DIR", "WORK_TREE", "INDEX_FILE", "OBJECT_DIRECTORY", "COMMON_DIR", "NAMESPACE")
_UNHEEDED = {"DISPLAY", *(f"GIT_{place}" for place in _PLACES)}
_ENVIRONMENT = {  # git speaks English and asks nobody
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GCM_INTERACTIVE": "never",
    "SSH_ASKPASS_REQUIRE": "never",
}
_RETRY = "Vérifiez l'adresse et le réseau, puis recommencez."
_CAUSES = (  # words of git, each an alternative of a regular expression; the first that fit tell the cause
    ("could not resolve host|unable to look up", "nom de serveur inconnu", _RETRY),
    ("to connect|connection (refused|reset|timed)|no route|unreachable|too slow", "serveur injoignable", _RETRY),
    ("host key verif", "ce serveur ssh n'est pas connu d'ici", "Ajoutez sa clé au fichier known_hosts."),
    (
        "not found|does not exist|not appear to be|is this a git|denied|authenticat|could not read|error: 40[13]",
        "dépôt git absent ou accès refusé",
        "Vérifiez l'adresse et les droits de lecture.",
    ),
    ("certificate|ssl|tls", "la connexion chiffrée échoue", "Vérifiez le certificat du serveur."),
)


class SourceUnreachable(Refusal):
    """A source cannot be brought here; the message says what, where and how to mend it, in French."""


@dataclass(frozen=True)
class Remote:
    """An address taken apart. `url` holds no password; `name` is a branch or tag, `inside` a path of the repository."""

    shown: str
    url: str
    is_git: bool
    name: str
    inside: str
    login: tuple[str, str] | None = field(repr=False)

    def refuse(self, cause: str, remedy: str = _RETRY) -> SourceUnreachable:
        """The error to raise."""
        return SourceUnreachable(f"{self.shown} : {cause}. {remedy}")


class _GitFailed(Exception):
    """What git said."""


def update_repository(remote: Remote, folder: Path) -> str:
    """Bring a folder to what the server has, downloading only what changed; its commit, or raise SourceUnreachable."""
    try:
        ref, target = _find_ref(remote)
        try:
            revision = _update(remote, folder, ref, target)
        except _GitFailed:  # perhaps a kill left it damaged or locked
            revision = _clone_anew(remote, folder, ref, target)
    except _GitFailed as error:
        raise _explain(remote, str(error)) from error
    if not (folder / remote.inside).exists():
        raise remote.refuse(f"{remote.inside!r} n'existe pas dans ce dépôt", "Corrigez ce qui suit le « : ».")
    return revision


def is_served_by_git(remote: Remote) -> bool:
    """Whether the server answers git at this address."""
    try:
        _git(remote, "ls-remote", "--", remote.url, "HEAD", seconds=_PROBE_SECONDS)
    except (_GitFailed, SourceUnreachable):
        return False
    return True


def _find_ref(remote: Remote) -> tuple[str, str]:
    """The full name of the branch or tag asked for, and the object it points to on the server."""
    patterns = ("HEAD", "refs/heads/*", "refs/tags/*")
    answer = _git(remote, "ls-remote", "--", remote.url, *patterns, seconds=_ASK_SECONDS)
    targets = {ref: target for target, ref in (line.split("\t") for line in answer.splitlines())}
    for ref in (f"refs/heads/{remote.name}", f"refs/tags/{remote.name}") if remote.name else ("HEAD",):
        if ref in targets:
            return ref, targets[ref]
    # ^{} marks a tag's commit, listed beside the tag.
    names = sorted(ref.split("/", 2)[2] for ref in targets if ref.startswith("refs/") and not ref.endswith("^{}"))
    if not names:
        raise remote.refuse("ce dépôt git est vide", "Versez-y les fiches, ou corrigez l'adresse.")
    absent = f"pas de branche ni d'étiquette {remote.name!r}" if remote.name else "pas de branche principale"
    remedy = f"Écrivez après le # un de ces noms : {', '.join(names[:10])}."
    raise remote.refuse(f"{absent} dans ce dépôt", remedy)


def _update(remote: Remote, folder: Path, ref: str, target: str) -> str:
    """Fetch one commit, unless it is there, and lay out its files; its name."""
    if not (folder / ".git").is_dir():
        _git(remote, "init", "--quiet", "--template=", "--", str(folder))
    if _git(remote, "for-each-ref", "--format=%(objectname)", _HEAD, folder=folder).strip() != target:
        _fetch_commit(remote, folder, ref)
    revision = _git(remote, "rev-parse", "--verify", f"{_HEAD}^{{commit}}", folder=folder).strip()
    _git(remote, "checkout", "--quiet", "--force", "--detach", revision, "--", folder=folder)
    _git(remote, "clean", "--quiet", "-ffdx", folder=folder)
    return revision


def _fetch_commit(remote: Remote, folder: Path, ref: str) -> None:
    """Download without history, or with it from a server that knows no other way."""
    fetch = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules")
    what = ("--", remote.url, f"+{ref}:{_HEAD}")
    try:
        _git(remote, *fetch, "--depth=1", *what, folder=folder)
    except _GitFailed as error:
        if "does not support shallow" not in str(error):  # so says a plain file server
            raise
        _git(remote, *fetch, *what, folder=folder)


def _clone_anew(remote: Remote, folder: Path, ref: str, target: str) -> str:
    """Clone aside, then replace: when this fails too, nothing is lost."""
    anew = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(anew, ignore_errors=True)
    revision = _update(remote, anew, ref, target)
    shutil.rmtree(folder, ignore_errors=True)
    anew.rename(folder)
    return revision


def _git(remote: Remote, *arguments: str, folder: Path | None = None, seconds: int = _SECONDS) -> str:
    """What git answers, or raise _GitFailed. The folder is named, or git would look for a repository above it."""
    program = shutil.which("git")
    if program is None:
        raise remote.refuse("le programme git manque sur ce serveur", "Installez-le (apt install git).")
    settings = [part for setting in _SETTINGS + _set_login(remote) for part in ("-c", setting)]
    place = [f"--git-dir={folder / '.git'}", f"--work-tree={folder}"] if folder else []
    try:
        return subprocess.run(  # noqa: S603 - a list, no shell; whatever comes from the address stands after "--"
            [program, *settings, *place, *arguments],
            check=True,
            cwd=folder or "/",
            env=_make_environment(remote),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            start_new_session=True,  # without a terminal, ssh has nobody to ask for a password
        ).stdout
    except subprocess.TimeoutExpired as error:
        raise remote.refuse(f"pas de réponse complète en {seconds} secondes") from error
    except subprocess.CalledProcessError as error:
        raise _GitFailed(error.stderr) from error


def _set_login(remote: Remote) -> list[str]:
    """Settings that give the login to this host alone, by way of the environment: everyone sees command lines."""
    if remote.login is None:
        return []
    parts = urlsplit(remote.url)
    helper = f"credential.{parts.scheme}://{parts.netloc}.helper="
    return [helper, helper + _HELPER] if remote.login[1] else [helper + _HELPER]  # empty: forget other helpers


def _make_environment(remote: Remote) -> dict[str, str]:
    user, password = remote.login or ("", "")
    kept = {name: value for name, value in os.environ.items() if name not in _UNHEEDED}
    return kept | _ENVIRONMENT | {"SOURCE_USER": user, "SOURCE_PASSWORD": password}


def _explain(remote: Remote, words: str) -> SourceUnreachable:
    said = re.sub(r"'[^']*'", "", words).lower()  # whatever is quoted goes: an address may hold any word
    for pattern, cause, remedy in _CAUSES:
        if re.search(pattern, said):
            return remote.refuse(cause, remedy)
    last = re.sub(r"://[^/\s]*@", "://", words.strip().rpartition("\n")[2])  # the login of an address goes
    return remote.refuse(f"git a échoué ({last[:300]})")
