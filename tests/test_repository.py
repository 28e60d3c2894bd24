import base64
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from test_fetch import refusal, serve

from ingest import repository
from ingest.fetch import fetch_source


def git(folder: Path, *arguments: str) -> str:
    answer = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def commit(folder: Path, **files: str) -> str:
    """Write `name="content"` as name.csv, and record it; the commit."""
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "fiches")
    git(folder, "update-server-info")
    return git(folder, "rev-parse", "HEAD")


def small(folder: Path) -> str:
    """What the small sheet says."""
    return (folder / "small.csv").read_text(encoding="utf-8")


def count_objects(folder: Path) -> int:
    """Loose and packed, of everything that ever travelled."""
    counts = dict(line.split(": ") for line in git(folder, "count-objects", "-v").splitlines())
    return int(counts["count"]) + int(counts["in-pack"])


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A repository of three sheets: a large one, a small one and one in a folder."""
    folder = tmp_path / "served" / "fiches"
    (folder / "csv" / "sub").mkdir(parents=True)
    git(folder, "init", "--quiet", "-b", "main")
    for setting in ("user.name=Équipe", "user.email=a@example.org", "commit.gpgsign=false", "tag.gpgsign=false"):
        git(folder, "config", *setting.split("="))
    (folder / "csv" / "sub" / "deep.csv").write_text("profond\n", encoding="utf-8")
    commit(folder, large="".join(f"{i},{i * 7919}\n" for i in range(5000)), small="un\n")
    return folder


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what is fetched is kept; no proxy of this machine stands before the servers of the tests."""
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "store"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a user whose git keeps logins in a file."""
    (tmp_path / ".gitconfig").write_text("[credential]\nhelper = store\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


class SmartGit(BaseHTTPRequestHandler):
    """The CGI program of git behind HTTP; under /private it asks for a login."""

    root = ""
    login = "alice:s3cr/t"

    def do_GET(self) -> None:
        wanted = "Basic " + base64.b64encode(self.login.encode()).decode()
        if self.path.startswith("/private") and self.headers.get("Authorization") != wanted:
            self.wfile.write(b'HTTP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm="fiches"\r\n\r\n')
            return
        path, _, query = self.path.removeprefix("/private").partition("?")
        environment = {
            "GIT_PROJECT_ROOT": self.root,
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        answer = subprocess.run(
            ["git", "http-backend"], input=body, env={**os.environ, **environment}, capture_output=True, check=False
        ).stdout
        failed = answer.startswith(b"Status: ")
        self.wfile.write(b"HTTP/1.0 " + (answer.removeprefix(b"Status: ") if failed else b"200 OK\r\n" + answer))

    do_POST = do_GET  # noqa: N815 - the name that http.server calls


@pytest.fixture
def smart(work: Path) -> Iterator[str]:
    """A server that speaks git, as forges do."""
    if not (Path(git(work, "--exec-path")) / "git-http-backend").exists():
        pytest.skip("git http-backend is not installed")
    with serve(type("Served", (SmartGit,), {"root": str(work.parent)})) as url:
        yield url


@pytest.fixture
def plain(work: Path) -> Iterator[str]:
    """A server of plain files, that knows nothing of git."""
    with serve(partial(SimpleHTTPRequestHandler, directory=str(work.parent))) as url:
        yield url


@pytest.mark.parametrize(
    ("server", "end"), [("", ""), ("smart", "/.git"), ("smart", ""), ("plain", "/.git")], ids=lambda value: value or "-"
)
def test_the_latest_commit_comes_alone_then_only_what_changed(
    server: str, end: str, work: Path, store: Path, request: pytest.FixtureRequest
) -> None:
    address = f"{request.getfixturevalue(server) if server else f'file://{work.parent}'}/fiches{end}"
    last = commit(work, small="deux\n")
    first = fetch_source(address, store, private=True)
    assert (first.revision, small(first.path)) == (last, "deux\n")
    if server != "plain":
        assert git(first.path, "rev-list", "--count", "HEAD") == "1"
    before = count_objects(first.path)
    last = commit(work, small="trois\n")
    second = fetch_source(address, store, private=True)
    assert (second.path, second.revision, small(second.path)) == (first.path, last, "trois\n")
    assert count_objects(first.path) - before == 3  # a commit, a folder, a file
    assert git(first.path, "rev-parse", "--is-shallow-repository") == ("false" if server == "plain" else "true")


def test_nothing_travels_when_nothing_changed_and_the_files_are_mended(work: Path, store: Path) -> None:
    first = fetch_source(f"file://{work}", store, private=True)
    (first.path / "small.csv").write_text("abîmé", encoding="utf-8")
    (first.path / "intrus.csv").write_text("en trop", encoding="utf-8")
    before = (first.path / "large.csv").stat().st_mtime_ns, count_objects(first.path)
    assert fetch_source(f"file://{work}", store, private=True) == first
    assert small(first.path) == "un\n"
    assert not (first.path / "intrus.csv").exists()
    assert ((first.path / "large.csv").stat().st_mtime_ns, count_objects(first.path)) == before


def test_a_branch_a_tag_and_a_folder_are_chosen_after_the_hash_sign(work: Path, store: Path) -> None:
    git(work, "tag", "v1")
    git(work, "tag", "-a", "v2", "-m", "signée")
    first = git(work, "rev-parse", "HEAD")
    git(work, "checkout", "--quiet", "-b", "essai/2026")
    branch = commit(work, small="essai\n")
    git(work, "checkout", "--quiet", "main")
    for end, revision in {"#essai/2026": branch, "#v1": first, "#v2": first, "": first}.items():
        assert fetch_source(f"git+file://{work}{end}", store, private=True).revision == revision
    assert [path.name for path in fetch_source(f"file://{work}#v1:csv/sub", store, private=True).path.iterdir()] == [
        "deep.csv"
    ]
    assert fetch_source(f"file://{work}#:small.csv", store, private=True).path.read_text(encoding="utf-8") == "un\n"


@pytest.mark.parametrize("end", ["#v1", ""])
def test_a_moved_tag_and_a_rewritten_branch_are_followed(end: str, work: Path, store: Path) -> None:
    git(work, "tag", "-a", "v1", "-m", "une")
    fetch_source(f"file://{work}{end}", store, private=True)
    git(work, "commit", "--quiet", "--amend", "-m", "autre histoire")
    rewritten = commit(work, small="réécrit\n")
    git(work, "tag", "-f", "-a", "v1", "-m", "deux")
    fetched = fetch_source(f"file://{work}{end}", store, private=True)
    assert (fetched.revision, small(fetched.path)) == (rewritten, "réécrit\n")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("file://{folder}/fiches#main:tableaux", "'tableaux' n'existe pas dans ce dépôt"),
        (
            "file://{folder}/fiches#absente",
            "pas de branche ni d'étiquette 'absente' dans ce dépôt. Écrivez après le # un de ces noms : "
            "b0, b1, b10, b11, b2, b3, b4, b5, b6, b7.",
        ),
        ("file://{folder}/vide.git", "ce dépôt git est vide"),
        ("file://{folder}/absent.git", "dépôt git absent ou accès refusé"),
        ("http://127.0.0.1:9/x.git", "serveur injoignable"),
        ("git://127.0.0.1:9/x", "serveur injoignable"),
        ("https://nulle-part.invalid/x.git", "nom de serveur inconnu"),
    ],
)
def test_what_git_cannot_fetch_is_refused_with_its_cause(address: str, words: str, work: Path, store: Path) -> None:
    for number in range(12):
        git(work, "branch", f"b{number}")
    git(work.parent, "init", "--quiet", "--bare", "vide.git")
    assert words in refusal(address.format(folder=work.parent), store)


def test_git_that_is_not_installed_is_said_to_be_so(work: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "le programme git manque" in refusal(f"file://{work}", store)


def test_a_server_that_never_answers_is_left(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "_ASK_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        message = refusal(f"http://127.0.0.1:{silent.getsockname()[1]}/x.git", store)
    assert "pas de réponse complète en 0.3 secondes" in message


LOCKS = ("index.lock", "shallow.lock", "HEAD.lock", "refs/source/head.lock")


@pytest.mark.parametrize("content", ["un\n", "deux\n"], ids=["nothing-new", "a-commit-more"])
@pytest.mark.parametrize("spoilt", [*LOCKS, "HEAD", "index", "objects"])
def test_what_a_kill_left_does_not_block_the_next_run(spoilt: str, content: str, work: Path, store: Path) -> None:
    folder = fetch_source(f"file://{work}", store, private=True).path
    last = commit(work, small=content) if content == "deux\n" else git(work, "rev-parse", "HEAD")
    (folder / "small.csv").unlink()
    path = folder / ".git" / spoilt
    shutil.rmtree(path) if path.is_dir() else path.write_bytes(b"")
    fetched = fetch_source(f"file://{work}", store, private=True)
    assert (fetched.path, fetched.revision, small(folder)) == (folder, last, content)


def test_a_broken_repository_never_lets_git_touch_the_one_around_it(work: Path) -> None:
    (work / "brouillon.txt").write_text("pas encore enregistré", encoding="utf-8")
    (work / "small.csv").write_text("en cours", encoding="utf-8")
    folder = fetch_source(f"file://{work}", work / "var").path
    (folder / ".git" / "HEAD").unlink()
    fetch_source(f"file://{work}", work / "var")
    assert (work / "brouillon.txt").exists()
    assert small(work) == "en cours"


def test_a_source_that_went_away_is_refused_and_what_was_kept_stays(work: Path, store: Path) -> None:
    folder = fetch_source(f"file://{work}", store, private=True).path
    work.rename(work.with_name("partie"))
    assert "dépôt git absent" in refusal(f"file://{work}", store)
    assert small(folder) == "un\n"


def test_a_link_does_not_lead_out_of_the_repository(work: Path, store: Path) -> None:
    (work / "secret.csv").symlink_to("/etc/hostname")
    (work / "dossier").symlink_to("/etc")
    commit(work)
    folder = fetch_source(f"file://{work}", store, private=True).path
    assert not [path for path in folder.rglob("*") if path.is_symlink()]
    assert (folder / "secret.csv").read_text(encoding="utf-8") == "/etc/hostname"
    assert "n'existe pas" in refusal(f"file://{work}#:dossier/hostname", store)


def test_hooks_filters_and_surroundings_of_the_user_do_not_run(
    work: Path, store: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (work / ".gitattributes").write_text("*.csv filter=lfs\n", encoding="utf-8")
    last = commit(work)
    hook = home / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {home}/ran\n", encoding="utf-8")
    hook.chmod(0o755)
    lfs = f'[filter "lfs"]\nsmudge = touch {home}/ran\nrequired = true\n'
    (home / ".gitconfig").write_text(f"[core]\nhooksPath = {home}\n{lfs}", encoding="utf-8")
    monkeypatch.setenv("GIT_DIR", str(home / "ailleurs"))
    assert fetch_source(f"file://{work}", store, private=True).revision == last
    assert not (home / "ran").exists()


def test_the_login_of_the_address_opens_the_repository_and_is_kept_nowhere(
    work: Path, store: Path, smart: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".git-credentials").write_text(smart.replace("//", "//bob:faux@") + "\n", encoding="utf-8")
    monkeypatch.setenv("GIT_TRACE", str(home / "trace"))
    address = smart.replace("//", "//alice:s3cr%2Ft@") + "/private/fiches/.git"
    assert fetch_source(address, store, private=True).revision == git(work, "rev-parse", "HEAD")
    assert "s3cr" not in (home / "trace").read_text(encoding="utf-8")  # the command lines of all its parts
    texts = [path.read_bytes() for path in [*store.rglob("*"), home / ".git-credentials"] if path.is_file()]
    assert not [text for text in texts if b"s3cr" in text]


@pytest.mark.parametrize(
    ("login", "kept", "user"),
    [("alice:s3cr/t", "alice:s3cr%2Ft@", ""), ("alice:s3cr/t", "alice:s3cr%2Ft@", "alice@"), ("ghp_x:", "", "ghp_x@")],
    ids=["kept-by-git", "kept-by-git-for-this-user", "a-token-as-the-user"],
)
def test_an_address_without_password_opens_the_repository(
    login: str, kept: str, user: str, work: Path, store: Path, smart: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SmartGit, "login", login)
    (home / ".git-credentials").write_text(smart.replace("//", f"//{kept}") + "\n", encoding="utf-8")
    address = smart.replace("//", f"//{user}") + "/private/fiches/.git"
    assert fetch_source(address, store, private=True).revision == git(work, "rev-parse", "HEAD")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/private/fiches/.git", "dépôt git absent ou accès refusé"),
        ("/absent.git", "dépôt git absent ou accès refusé"),
        ("/fiches/.git#absente", "pas de branche"),
        ("/fiches/.git#:absent", "n'existe pas"),
        ("/absent.csv", "rien à cette adresse"),
        ("/absent", "rien à cette adresse"),
    ],
)
@pytest.mark.parametrize("login", ["", "alice:motdepasse@", "motdepasse@", "alice:mot%64epasse@"])
def test_a_refusal_says_why_without_the_password(login: str, path: str, words: str, store: Path, smart: str) -> None:
    message = refusal(smart.replace("//", f"//{login}") + path, store)
    assert words in message
    assert "passe" not in message
    assert "alice" not in message
