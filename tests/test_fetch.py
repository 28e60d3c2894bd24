import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ingest import fetch
from ingest.fetch import SourceUnreachable, fetch_source, show_address
from ingest.guard import is_private

TABLE = "TITRE DU PROJET,À RETENIR\nBudget participatif,Écouter\n".encode()
DATE = "Wed, 21 Oct 2015 07:28:00 GMT"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what is fetched is kept; no proxy of this machine stands before the servers of the tests."""
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "store"


@contextmanager
def serve(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def refusal(address: str, store: Path) -> str:
    with pytest.raises(SourceUnreachable) as caught:
        fetch_source(address, store, private=True)
    return str(caught.value)


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
            site.asked.append({name.lower(): value for name, value in self.headers.items()})
            held = self.headers.get("If-None-Match") or self.headers.get("If-Modified-Since")
            status, headers, body = site.status, site.headers, site.body
            if self.path.startswith(("/moved/", "/loop")):
                status, headers, body = 302, {"Location": self.path.removeprefix("/moved")}, b""
            elif held and held in (headers.get("ETag"), headers.get("Last-Modified")):
                status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    with serve(Handler) as site.url:
        yield site


def test_a_local_folder_or_file_comes_back_as_it_is(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fiches").mkdir()
    table = tmp_path / "fiches" / "a#b.csv"
    table.write_bytes(TABLE)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert fetch_source("fiches", store, private=True) == fetch.Fetched(path=Path("fiches"), revision="")
    assert fetch_source(str(table), store, private=True).path == table
    assert fetch_source("~/fiches", store, private=True).path == tmp_path / "fiches"
    assert not store.exists()


@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        (["", "nulle-part", "~personne-d-ici/x", "x" * 5000, "-x"], "introuvable. Indiquez un dossier, un fichier,"),
        (["ftp://h/x", "git+ext::sh -c touch", "ext::sh", "git+/tmp", "https://h/%0a"], "introuvable. Indiquez"),
        (["ssh://-x/a", "git@-x:a", "-x@h:a"], "introuvable. Indiquez"),
        (["https://[h/x", "https:///x", "http://h:0/x", "https://alice:motde/passe@h/x"], "adresse mal formée"),
        ([f"https://h/x.git#{end}" for end in ("a:../..", "a:/etc", "a:.git", "a:b/../../x", "--x")], "après le #"),
    ],
    ids=["absent", "unknown-kind", "option", "malformed", "out-of-the-repository"],
)
def test_what_is_neither_here_nor_a_good_address_is_refused(addresses: list[str], words: str, store: Path) -> None:
    for address in addresses:
        message = refusal(address, store)
        assert words in message
        assert "passe" not in message


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


def test_a_file_is_downloaded_again_only_when_its_tag_changed(site: Site, store: Path) -> None:
    first = fetch_source(f"{site.url}/export/fiches.csv", store, private=True)
    assert (first.path.name, first.path.read_bytes(), first.revision) == ("fiches.csv", TABLE, '"v1"')
    assert fetch_source(f"{site.url}/export/fiches.csv", store, private=True) == first
    assert [asked.get("if-none-match") for asked in site.asked] == [None, '"v1"']
    site.body, site.headers = b"TITRE\nautre\n", {"ETag": '"v2"'}
    second = fetch_source(f"{site.url}/export/fiches.csv", store, private=True)
    assert (second.path.read_bytes(), second.revision) == (b"TITRE\nautre\n", '"v2"')


def test_the_date_does_when_there_is_no_tag_and_the_content_when_there_is_neither(site: Site, store: Path) -> None:
    site.headers = {"Last-Modified": DATE}
    assert [fetch_source(f"{site.url}/a.csv", store, private=True).revision for _ in range(2)] == [DATE, DATE]
    assert site.asked[1]["if-modified-since"] == DATE
    site.headers = {}
    revision = fetch_source(f"{site.url}/a.csv", store, private=True).revision
    site.body += b"x"
    assert revision != fetch_source(f"{site.url}/a.csv", store, private=True).revision != ""


@pytest.mark.parametrize("lost", ["fiches.csv", ".revision.json"])
def test_a_kept_file_or_record_that_is_gone_is_asked_for_again(lost: str, site: Site, store: Path) -> None:
    path = fetch_source(f"{site.url}/fiches.csv", store, private=True).path
    (path.parent / lost).unlink()
    assert fetch_source(f"{site.url}/fiches.csv", store, private=True).path.read_bytes() == TABLE
    (path.parent / ".revision.json").write_text('{"etag', encoding="utf-8")
    assert fetch_source(f"{site.url}/fiches.csv", store, private=True).revision == '"v1"'


def test_redirections_are_followed_but_not_for_ever(site: Site, store: Path) -> None:
    assert fetch_source(f"{site.url}/moved/fiches.csv", store, private=True).path.read_bytes() == TABLE
    assert "trop de redirections" in refusal(f"{site.url}/loop.csv", store)


def test_the_login_goes_to_the_server_and_a_new_one_finds_what_is_kept(site: Site, store: Path) -> None:
    fetched = [
        fetch_source(site.url.replace("//", f"//{login}@") + "/a.csv", store, private=True)
        for login in ("alice:p%40ss", "bob")
    ]
    assert fetched[0] == fetched[1]
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
    monkeypatch.setattr(fetch, "_MOST_MEGABYTES", 2)
    path = fetch_source(f"{site.url}/fiches.csv", store, private=True).path
    site.headers = {}
    if change == {"status": 304}:  # which nobody asked for
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
    with serve(partial(SimpleHTTPRequestHandler, directory=str(tmp_path))) as url:
        path = fetch_source(f"{url}/fiches.csv", store, private=True).path
    assert "serveur injoignable" in refusal(f"{url}/fiches.csv", store)
    assert path.read_bytes() == TABLE


def test_a_download_that_never_ends_is_left(site: Site, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_SECONDS", -1)
    assert "pas de réponse complète" in refusal(f"{site.url}/fiches.csv", store)


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
    path = fetch_source(site.url + end, store, private=True).path
    assert (path.name, path.parent.parent) == (name, store)


def test_a_store_that_cannot_be_written_is_said_to_be_so(site: Site, tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("pas un dossier", encoding="utf-8")
    assert "ne s'écrit pas" in refusal(f"{site.url}/fiches.csv", tmp_path / "fichier")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/a.csv",
        "http://localhost/a.csv",
        "http://[::1]/a.csv",
        "http://[::ffff:10.0.0.1]/a.csv",
        "http://2130706433/a.csv",  # 127.0.0.1 as one number
        "http://0x7f.1/a.csv",
        "https://192.168.1.1/fiches.git",
        "http://169.254.169.254/latest/meta-data/a.csv",  # where clouds keep the secrets of a machine
        "git@10.0.0.1:fiches.git",
        "ssh://git@172.16.0.1/fiches.git",
        "git://100.64.0.1/fiches",
        "http://0.0.0.0/a.csv",
    ],
)
def test_an_address_of_the_private_network_is_refused(address: str, store: Path) -> None:
    with pytest.raises(SourceUnreachable, match=r"réseau privé\. .*private = true"):
        fetch_source(address, store)


def test_a_redirection_into_the_private_network_is_refused(
    store: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The test's server is on this machine: only where it leads to counts as private here.
    port = site.url.rpartition(":")[2]
    monkeypatch.setattr(fetch, "is_private", lambda host: host == "localhost")
    site.status, site.headers = 302, {"Location": f"http://localhost:{port}/secret.csv"}
    with pytest.raises(SourceUnreachable, match="localhost est une adresse de cette machine"):
        fetch_source(f"{site.url}/fiches.csv", store)
    assert len(site.asked) == 1


@pytest.mark.parametrize("host", ["8.8.8.8", "2606:4700:4700::1111", "nulle-part.invalid", "x" * 300, ""])
def test_public_and_unknown_hosts_are_not_private(host: str) -> None:
    assert not is_private(host)
