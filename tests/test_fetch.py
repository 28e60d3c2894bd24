import base64
import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ingest import fetch
from ingest.fetch import SourceUnreachable, fetch_source, show_address

TABLE = "TITRE DU PROJET,À RETENIR\nBudget participatif,Écouter\n".encode()


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


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


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A repository of three sheets: a large one, a small one and one in a folder."""
    folder = tmp_path / "served" / "fiches"
    (folder / "csv" / "sub").mkdir(parents=True)
    git(folder, "init", "--quiet", "-b", "main")
    for name, value in {
        "user.name": "Équipe",
        "user.email": "equipe@example.org",
        "commit.gpgsign": "false",
        "tag.gpgsign": "false",
    }.items():
        git(folder, "config", name, value)
    (folder / "csv" / "sub" / "deep.csv").write_text("profond\n", encoding="utf-8")
    commit(folder, large="".join(f"{i},{i * 7919}\n" for i in range(5000)), small="un\n")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def serve(handler: type[BaseHTTPRequestHandler] | partial[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class QuietFiles(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def dumb(work: Path) -> Iterator[str]:
    """A server of plain files, that knows nothing of git."""
    yield from serve(partial(QuietFiles, directory=str(work.parent)))


class SmartGit(BaseHTTPRequestHandler):
    """The CGI program of git behind HTTP; under /private it asks for a login."""

    root = ""
    login = "alice:s3cr/t"

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path.startswith("/private"):
            wanted = "Basic " + base64.b64encode(self.login.encode()).decode()
            if self.headers.get("Authorization") != wanted:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="fiches"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            path = path.removeprefix("/private")
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
        )
        head, _, content = answer.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815 - the name that http.server calls

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def smart(work: Path) -> Iterator[str]:
    """A server that speaks git, as forges do."""
    if not (Path(git(work, "--exec-path")) / "git-http-backend").exists():
        pytest.skip("git http-backend is not installed")
    yield from serve(type("Served", (SmartGit,), {"root": str(work.parent)}))


@dataclass
class Site:
    """What a web server says to each address; `asked` keeps the headers of each request."""

    url: str = ""
    status: int = 200
    body: bytes = TABLE
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/csv", "ETag": '"v1"'})
    asked: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
            tag, date = site.headers.get("ETag"), site.headers.get("Last-Modified")
            held = tag and self.headers.get("If-None-Match") == tag
            held = held or (not tag and date and self.headers.get("If-Modified-Since") == date)
            if self.path.startswith("/moved/"):
                self.send_response(302)
                self.send_header("Location", self.path.removeprefix("/moved"))
            elif self.path.startswith("/loop"):
                self.send_response(302)
                self.send_header("Location", self.path)
            else:
                self.send_response(304 if held else site.status)
                for name, value in site.headers.items():
                    self.send_header(name, value)
            self.end_headers()
            if not held:
                self.wfile.write(site.body)

        def log_message(self, *_: object) -> None:
            pass

    for url in serve(Handler):
        site.url = url
        yield site


def count_objects(folder: Path) -> int:
    """Loose and packed, of everything that ever travelled."""
    counts = dict(line.split(": ") for line in git(folder, "count-objects", "-v").splitlines())
    return int(counts["count"]) + int(counts["in-pack"])


def refusal(address: str, store: Path) -> str:
    with pytest.raises(SourceUnreachable) as caught:
        fetch_source(address, store)
    return str(caught.value)


# Local paths


def test_a_local_folder_or_file_comes_back_as_it_is(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fiches").mkdir()
    table = tmp_path / "fiches" / "a#b.csv"
    table.write_bytes(TABLE)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert fetch_source("fiches", store) == fetch.Fetched(path=Path("fiches"), revision="")
    assert fetch_source(str(table), store).path == table
    assert fetch_source("~/fiches", store).path == tmp_path / "fiches"
    assert not store.exists()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nulle-part",
        "~personne-d-ici/x",
        "x" * 5000,
        "ftp://h/x",
        "git+ext::sh -c touch",
        "ext::sh",
        "git+/tmp",
        "-x",
    ],
)
def test_what_is_neither_here_nor_an_address_is_refused(address: str, store: Path) -> None:
    assert refusal(address, store).endswith(
        "introuvable. Indiquez un dossier, un fichier, l'adresse d'un dépôt git ou d'un tableau CSV."
    )


# Repositories


def test_a_repository_is_fetched_with_its_latest_commit_alone(work: Path, store: Path) -> None:
    last = commit(work, small="deux\n")
    fetched = fetch_source(f"file://{work}", store)
    assert fetched.revision == last
    assert (fetched.path / "small.csv").read_text(encoding="utf-8") == "deux\n"
    assert git(fetched.path, "rev-parse", "--is-shallow-repository") == "true"
    assert git(fetched.path, "rev-list", "--count", "HEAD") == "1"


def test_nothing_travels_when_nothing_changed(work: Path, store: Path) -> None:
    first = fetch_source(f"file://{work}", store)
    (first.path / "small.csv").write_text("abîmé", encoding="utf-8")
    (first.path / "intrus.csv").write_text("en trop", encoding="utf-8")
    before = (first.path / "large.csv").stat().st_mtime_ns, count_objects(first.path)
    assert fetch_source(f"file://{work}", store) == first
    assert (first.path / "small.csv").read_text(encoding="utf-8") == "un\n"
    assert not (first.path / "intrus.csv").exists()
    assert ((first.path / "large.csv").stat().st_mtime_ns, count_objects(first.path)) == before


@pytest.mark.parametrize("scheme", ["file", "smart"])
def test_one_commit_more_brings_only_what_it_changed(
    scheme: str, work: Path, store: Path, request: pytest.FixtureRequest
) -> None:
    address = f"file://{work}" if scheme == "file" else f"{request.getfixturevalue('smart')}/fiches/.git"
    first = fetch_source(address, store)
    before = count_objects(first.path)
    last = commit(work, small="deux\n")
    second = fetch_source(address, store)
    assert (second.path, second.revision) == (first.path, last)
    assert count_objects(first.path) - before == 3  # a commit, a folder, a file
    assert git(first.path, "rev-parse", "--is-shallow-repository") == "true"


def test_an_address_that_does_not_tell_is_tried_as_a_repository(work: Path, store: Path, smart: str) -> None:
    assert fetch_source(f"{smart}/fiches", store).revision == git(work, "rev-parse", "HEAD")


def test_a_server_of_plain_files_will_do(work: Path, store: Path, dumb: str) -> None:
    fetch_source(f"{dumb}/fiches/.git", store)
    last = commit(work, small="deux\n")
    fetched = fetch_source(f"{dumb}/fiches/.git", store)
    assert (fetched.revision, (fetched.path / "small.csv").read_text(encoding="utf-8")) == (last, "deux\n")


def test_a_branch_a_tag_and_a_folder_are_chosen_after_the_hash_sign(work: Path, store: Path) -> None:
    git(work, "tag", "v1")
    git(work, "tag", "-a", "v2", "-m", "signée")
    first = git(work, "rev-parse", "HEAD")
    git(work, "checkout", "--quiet", "-b", "essai/2026")
    branch = commit(work, small="essai\n")
    git(work, "checkout", "--quiet", "main")
    assert fetch_source(f"git+file://{work}#essai/2026", store).revision == branch
    assert fetch_source(f"file://{work}#v1", store).revision == first
    assert fetch_source(f"file://{work}#v2", store).revision == first
    assert fetch_source(f"file://{work}", store).revision == first
    assert [path.name for path in fetch_source(f"file://{work}#v1:csv/sub", store).path.iterdir()] == ["deep.csv"]
    assert fetch_source(f"file://{work}#:small.csv", store).path.read_text(encoding="utf-8") == "un\n"


def test_a_moved_tag_and_a_rewritten_branch_are_followed(work: Path, store: Path) -> None:
    git(work, "tag", "-a", "v1", "-m", "une")
    fetch_source(f"file://{work}#v1", store)
    fetch_source(f"file://{work}", store)
    git(work, "commit", "--quiet", "--amend", "-m", "autre histoire")
    rewritten = commit(work, small="réécrit\n")
    git(work, "tag", "-f", "-a", "v1", "-m", "deux")
    for address in (f"file://{work}#v1", f"file://{work}"):
        fetched = fetch_source(address, store)
        assert fetched.revision == rewritten
        assert (fetched.path / "small.csv").read_text(encoding="utf-8") == "réécrit\n"


def test_a_branch_that_is_not_there_is_refused_with_those_that_are(work: Path, store: Path) -> None:
    for number in range(12):
        git(work, "branch", f"b{number:02}")
    message = refusal(f"file://{work}#absente", store)
    assert "pas de branche ni d'étiquette 'absente'" in message
    assert message.endswith(": b00, b01, b02, b03, b04, b05, b06, b07, b08, b09.")


@pytest.mark.parametrize("fragment", ["main:../..", "main:/etc", "main:.git", "main:csv/../../x", "--upload-pack=x"])
def test_a_fragment_that_leaves_the_repository_is_refused(fragment: str, work: Path, store: Path) -> None:
    assert "après le #" in refusal(f"file://{work}#{fragment}", store)


def test_a_folder_that_is_not_in_the_repository_is_refused(work: Path, store: Path) -> None:
    assert "'tableaux' n'existe pas dans ce dépôt" in refusal(f"file://{work}#main:tableaux", store)


def test_a_repository_that_is_empty_or_absent_is_refused(store: Path, smart: str, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "vide.git")
    assert "ce dépôt git est vide" in refusal(f"file://{tmp_path}/vide.git", store)
    for address in (f"file://{tmp_path}/absent.git", f"{smart}/absent.git", f"{smart}/private/fiches/.git"):
        assert "dépôt git absent ou accès refusé" in refusal(address, store)


def test_a_host_that_is_not_there_is_said_to_be_so(store: Path) -> None:
    assert "serveur injoignable" in refusal("http://127.0.0.1:9/x.git", store)
    assert "serveur injoignable" in refusal("git://127.0.0.1:9/x", store)
    assert "nom de serveur inconnu" in refusal("https://nulle-part.invalid/x.git", store)


def test_git_that_is_not_installed_is_said_to_be_so(work: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "le programme git manque" in refusal(f"file://{work}", store)


def test_a_server_that_never_answers_is_left(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(fetch, "_ASK_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        message = refusal(f"http://127.0.0.1:{silent.getsockname()[1]}/x.git", store)
    assert "pas de réponse complète en 0.3 secondes" in message


@pytest.mark.parametrize("left", ["index.lock", "shallow.lock", "HEAD.lock", "refs/source/head.lock"])
def test_a_lock_left_by_a_kill_does_not_block_the_next_run(left: str, work: Path, store: Path) -> None:
    first = fetch_source(f"file://{work}", store)
    last = commit(work, small="deux\n")
    (first.path / ".git" / left).touch()
    fetched = fetch_source(f"file://{work}", store)
    assert (fetched.path, fetched.revision) == (first.path, last)
    assert (fetched.path / "small.csv").read_text(encoding="utf-8") == "deux\n"


@pytest.mark.parametrize("lost", ["HEAD", "objects", "index"])
def test_half_a_clone_is_made_whole(lost: str, work: Path, store: Path) -> None:
    import shutil

    folder = fetch_source(f"file://{work}", store).path
    (folder / "small.csv").unlink()
    shutil.rmtree(folder / ".git" / lost) if lost == "objects" else (folder / ".git" / lost).write_bytes(b"")
    assert (fetch_source(f"file://{work}", store).path / "small.csv").read_text(encoding="utf-8") == "un\n"


def test_a_broken_repository_never_lets_git_touch_the_one_around_it(work: Path) -> None:
    (work / "brouillon.txt").write_text("pas encore enregistré", encoding="utf-8")
    (work / "small.csv").write_text("en cours", encoding="utf-8")
    store = work / "var"
    folder = fetch_source(f"file://{work}", store).path
    (folder / ".git" / "HEAD").unlink()
    fetch_source(f"file://{work}", store)
    assert (work / "brouillon.txt").exists()
    assert (work / "small.csv").read_text(encoding="utf-8") == "en cours"


def test_a_source_that_went_away_is_refused_and_what_was_kept_stays(work: Path, store: Path) -> None:
    folder = fetch_source(f"file://{work}", store).path
    work.rename(work.with_name("partie"))
    assert "dépôt git absent" in refusal(f"file://{work}", store)
    assert (folder / "small.csv").read_text(encoding="utf-8") == "un\n"


def test_a_link_does_not_lead_out_of_the_repository(work: Path, store: Path) -> None:
    (work / "secret.csv").symlink_to("/etc/hostname")
    (work / "dossier").symlink_to("/etc")
    commit(work)
    folder = fetch_source(f"file://{work}", store).path
    assert not [path for path in folder.rglob("*") if path.is_symlink()]
    assert (folder / "secret.csv").read_text(encoding="utf-8") == "/etc/hostname"
    assert "n'existe pas" in refusal(f"file://{work}#:dossier/hostname", store)


def test_hooks_filters_and_surroundings_of_the_user_do_not_run(
    work: Path, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = tmp_path / "hooks" / "post-checkout"
    hook.parent.mkdir()
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n", encoding="utf-8")
    hook.chmod(0o755)
    lfs = f'[filter "lfs"]\nsmudge = touch {tmp_path}/ran\nrequired = true\n'
    (tmp_path / ".gitconfig").write_text(f"[core]\nhooksPath = {hook.parent}\n{lfs}", encoding="utf-8")
    (work / ".gitattributes").write_text("*.csv filter=lfs\n", encoding="utf-8")
    last = commit(work)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "ailleurs"))
    assert fetch_source(f"file://{work}", store).revision == last
    assert not (tmp_path / "ran").exists()


# Passwords


def test_the_login_of_the_address_opens_the_repository_and_is_kept_nowhere(
    work: Path, store: Path, smart: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".gitconfig").write_text("[credential]\nhelper = store\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".git-credentials").write_text(smart.replace("//", "//bob:faux@") + "\n", encoding="utf-8")
    monkeypatch.setenv("GIT_TRACE", str(store.with_name("trace")))
    address = smart.replace("//", "//alice:s3cr%2Ft@") + "/private/fiches/.git"
    assert fetch_source(address, store).revision == git(work, "rev-parse", "HEAD")
    assert "s3cr" not in store.with_name("trace").read_text(encoding="utf-8")  # the command lines of all its parts
    texts = [path.read_bytes() for path in [*store.rglob("*"), tmp_path / ".git-credentials"] if path.is_file()]
    assert not [text for text in texts if b"s3cr" in text]


def test_the_credential_helper_of_the_user_is_asked(
    work: Path, store: Path, smart: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".gitconfig").write_text("[credential]\nhelper = store\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".git-credentials").write_text(smart.replace("//", "//alice:s3cr%2Ft@") + "\n", encoding="utf-8")
    for user in ("", "alice@"):
        address = smart.replace("//", f"//{user}") + "/private/fiches/.git"
        assert fetch_source(address, store).revision == git(work, "rev-parse", "HEAD")


def test_a_token_as_the_user_opens_the_repository(
    work: Path, store: Path, smart: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SmartGit, "login", "ghp_jeton:")
    address = smart.replace("//", "//ghp_jeton@") + "/private/fiches/.git"
    assert fetch_source(address, store).revision == git(work, "rev-parse", "HEAD")


@pytest.mark.parametrize(
    "path",
    ["/private/fiches/.git", "/absent.git", "/fiches/.git#absente", "/fiches/.git#:absent", "/absent.csv", "/absent"],
)
@pytest.mark.parametrize("login", ["alice:motdepasse", "motdepasse", "alice:mot%64epasse", "alice:motde/passe"])
def test_no_message_shows_the_password(login: str, path: str, store: Path, smart: str) -> None:
    message = refusal(smart.replace("//", f"//{login}@") + path, store)
    assert "passe" not in message
    assert "alice" not in message


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://alice:pw@example.org/a.git#main", "https://example.org/a.git#main"),
        ("git+https://ghp_x@example.org:8443/a", "git+https://example.org:8443/a"),
        ("https://alice@asso.fr:p:w@example.org/a@b", "https://example.org/a@b"),
        ("https://alice:p/w?#x@example.org/a", "https://example.org/a"),
        ("https://example.org:8443/@equipe/a.csv", "https://example.org:8443/@equipe/a.csv"),
        ("https://example.org/@equipe/a.csv", "https://example.org/@equipe/a.csv"),
        ("ssh://git:pw@example.org/a", "ssh://git@example.org/a"),
        ("git@example.org:equipe/a", "git@example.org:equipe/a"),
        ("https://e.org/x?format=csv&private_token=abc&gid=0", "https://e.org/x?format=csv&private_token=…&gid=0"),
        ("https://e.org/x?id=0123456789abcdef01234&b=1#c", "https://e.org/x?id=…&b=1#c"),
        ("https://[cassé/x", "https://[cassé/x"),
        ("fiches/2026", "fiches/2026"),
    ],
)
def test_an_address_is_shown_without_its_secrets(address: str, shown: str) -> None:
    assert show_address(address) == shown


# Files of the web


def test_a_file_is_downloaded_once_and_its_tag_is_its_revision(site: Site, store: Path) -> None:
    first = fetch_source(f"{site.url}/export/fiches.csv", store)
    assert (first.path.name, first.path.read_bytes(), first.revision) == ("fiches.csv", TABLE, '"v1"')
    assert fetch_source(f"{site.url}/export/fiches.csv", store) == first
    assert [asked.get("if-none-match") for asked in site.asked] == [None, '"v1"']


def test_a_file_that_changed_is_downloaded_again(site: Site, store: Path) -> None:
    fetch_source(f"{site.url}/fiches.csv", store)
    site.body, site.headers = b"TITRE\nautre\n", {"ETag": '"v2"'}
    fetched = fetch_source(f"{site.url}/fiches.csv", store)
    assert (fetched.path.read_bytes(), fetched.revision) == (b"TITRE\nautre\n", '"v2"')


def test_the_date_does_when_there_is_no_tag_and_the_content_when_there_is_neither(site: Site, store: Path) -> None:
    site.headers = {"Last-Modified": "Wed, 21 Oct 2015 07:28:00 GMT"}
    for _ in range(2):
        assert fetch_source(f"{site.url}/a.csv", store).revision == "Wed, 21 Oct 2015 07:28:00 GMT"
    assert site.asked[1]["if-modified-since"] == "Wed, 21 Oct 2015 07:28:00 GMT"
    site.headers = {}
    revision = fetch_source(f"{site.url}/a.csv", store).revision
    site.body += b"x"
    assert revision != fetch_source(f"{site.url}/a.csv", store).revision != ""


@pytest.mark.parametrize("lost", ["fiches.csv", ".revision.json"])
def test_a_kept_file_or_record_that_is_gone_is_asked_for_again(lost: str, site: Site, store: Path) -> None:
    path = fetch_source(f"{site.url}/fiches.csv", store).path
    (path.parent / lost).unlink()
    assert fetch_source(f"{site.url}/fiches.csv", store).path.read_bytes() == TABLE
    (path.parent / ".revision.json").write_text('{"etag', encoding="utf-8")
    assert fetch_source(f"{site.url}/fiches.csv", store).revision == '"v1"'


def test_redirections_are_followed_but_not_for_ever(site: Site, store: Path) -> None:
    assert fetch_source(f"{site.url}/moved/fiches.csv", store).path.read_bytes() == TABLE
    assert "trop de redirections" in refusal(f"{site.url}/loop.csv", store)


def test_the_login_goes_to_the_server_of_the_address(site: Site, store: Path) -> None:
    fetch_source(site.url.replace("//", "//alice:p%40ss@") + "/fiches.csv", store)
    assert site.asked[0]["authorization"] == "Basic " + base64.b64encode(b"alice:p@ss").decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"body": b"\xef\xbb\xbf\n <!DOCTYPE html><title>Connexion</title>"}, "c'est une page web"),
        ({"body": b"<!-- x --><p>", "headers": {"Content-Type": "text/html"}}, "c'est une page web"),
        ({"status": 404}, "rien à cette adresse"),
        ({"status": 403}, "accès refusé"),
        ({"status": 503}, "le serveur répond 503"),
        ({"status": 304}, "le serveur répond 304"),
        ({"body": b" \n"}, "le fichier est vide"),
        ({"body": b"x" * 3_000_000}, "plus de 2 Mo"),
        ({"headers": {"Content-Length": "9999"}}, "connexion coupée"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_answer_is_refused_and_the_kept_file_stays(
    change: dict[str, object], words: str, site: Site, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_MOST_BYTES", 2 * 2**20)
    path = fetch_source(f"{site.url}/fiches.csv", store).path
    site.headers = {}
    if words.endswith("304"):
        (path.parent / ".revision.json").unlink()
    for name, value in change.items():
        setattr(site, name, value)
    message = refusal(f"{site.url}/fiches.csv", store)
    assert message.startswith(f"{site.url}/fiches.csv : ")
    assert words in message
    assert path.read_bytes() == TABLE
    assert not (path.parent / ".download.part").exists()


def test_a_server_that_is_down_is_refused_and_the_kept_file_stays(store: Path, tmp_path: Path) -> None:
    (tmp_path / "fiches.csv").write_bytes(TABLE)
    serving = serve(partial(QuietFiles, directory=str(tmp_path)))
    address = f"{next(serving)}/fiches.csv"
    path = fetch_source(address, store).path
    assert next(serving, None) is None
    assert "serveur injoignable" in refusal(address, store)
    assert path.read_bytes() == TABLE


@pytest.mark.parametrize(
    ("end", "name"),
    [
        ("/..%2F..%2Fetc%2Fpasswd", "passwd.csv"),
        ("/a/%2e%2e", "source.csv"),
        ("/..%5C..%5Cx.csv", "x.csv"),
        ("/.revision.json", "revision.json.csv"),
        ("/fiches%20d%C3%A9mocratie.csv?v=1", "fiches_démocratie.csv"),
        ("/LISEZ.MD", "LISEZ.MD"),
        ("/export?format=csv", "export.csv"),
        ("/" + "a" * 300 + ".csv", "a" * 56 + ".csv"),
    ],
)
def test_the_file_name_is_made_safe(end: str, name: str, site: Site, store: Path) -> None:
    path = fetch_source(site.url + end, store).path
    assert (path.name, path.parent.parent) == (name, store)


def test_a_store_that_cannot_be_written_is_said_to_be_so(site: Site, tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("pas un dossier", encoding="utf-8")
    assert "ne s'écrit pas" in refusal(f"{site.url}/fiches.csv", tmp_path / "fichier")
