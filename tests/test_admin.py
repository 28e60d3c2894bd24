"""The staff's pages and interface, on a real server over a git repository of the project's own sheets."""

import base64
import csv
import hashlib
import hmac
import io
import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from accessibility import find_faults
from conftest import DESKTOP, PHONE, SHEETS, make_data_dir, start_server, wait_until
from playwright.sync_api import Browser, Page, expect
from spreadsheets import write_xlsx
from starlette.datastructures import Headers

from assistant.reindexing import reindex as reindexing
from assistant.reindexing.progress import Watch
from assistant.reindexing.runs import Run
from assistant.settings import Settings
from assistant.staff.accounts import StaffAccounts
from assistant.web.admin.difference import Piece, find_difference
from assistant.web.admin.hooks import find_signed
from assistant.web.admin.report_file import write_report
from index.encoding.encoder import Encoder

NAME, PASSWORD = "camille", "quatre mots sans lien"
TOKEN, HOOK_SECRET = "un-jeton-tres-long-pour-les-scripts", "un-secret-partage-avec-la-forge"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
UNANSWERED = "La cuisson du gâteau au chocolat, avec ou sans beurre"
XSS = "<script>window.hacked=1</script>"
KEPT = "<hack tabindex=1 autofocus onfocus=window.hacked=1>"  # no tag of HTML: tables keep it, and browsers run it
TO_COOK = "on épluche et on coupe la veille, on fait revenir dans une grande marmite, puis on sert bien chaud."
Rows = list[list[str]]


@dataclass
class Site:
    """A server, the repository that it reads, and who calls it: each client has an address of its own."""

    url: str
    repository: Path
    data_dir: Path
    log: Path
    clients: list[httpx.Client] = field(default_factory=list)

    def client(self) -> httpx.Client:
        address = {"X-Forwarded-For": f"198.51.100.{len(self.clients) + 1}"}
        self.clients.append(httpx.Client(base_url=self.url, headers=address, timeout=60))
        return self.clients[-1]

    def signed_in(self) -> httpx.Client:
        client = self.client()
        answer = sign_in(client)
        assert (answer.status_code, answer.headers["location"]) == (303, "/admin"), answer.text
        return client

    def publish(self, change: Callable[[Rows], Rows] = lambda rows: rows) -> None:
        """Commit the project's sheets, changed."""
        with (SHEETS / "csv" / "fiches.csv").open(encoding="utf-8", newline="") as file:
            rows = change(list(csv.reader(file)))
        with (self.repository / "csv" / "fiches.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        commit(self.repository)

    def wait(self, run_id: str) -> dict:
        """The run once it is over."""
        for _ in range(1800):
            run = httpx.get(f"{self.url}/api/admin/runs/{run_id}", headers=BEARER).json()
            if run["status"] not in ("starting", "running"):
                return run
            time.sleep(0.1)
        pytest.fail(f"the run does not end: {run}")

    def reindex(self, **options: bool) -> dict:
        """Reindex by HTTP, and wait."""
        self.wait_until_free()
        started = httpx.post(f"{self.url}/api/admin/reindex", json=options, headers=BEARER, timeout=60)
        assert started.status_code == 202, started.text
        return self.wait(started.json()["run"])

    def wait_until_free(self) -> None:
        for _ in range(1800):
            if not self.list_runs()["busy"]:
                return
            time.sleep(0.1)
        pytest.fail("a run does not end")

    def wait_for_runs(self, trigger: str, count: int) -> None:
        """Wait until so many runs started by this are over."""
        for _ in range(1800):
            runs = [run for run in self.list_runs()["runs"] if run["trigger"] == trigger and run["ended"]]
            if len(runs) >= count:
                return
            time.sleep(0.1)
        pytest.fail(f"no {count} runs started by {trigger}")

    def list_runs(self) -> dict:
        return httpx.get(f"{self.url}/api/admin/runs", headers=BEARER).json()

    def versions(self) -> dict:
        return httpx.get(f"{self.url}/api/admin/versions", headers=BEARER).json()


def commit(repository: Path) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    for command in (("add", "--all"), (*who, "commit", "--quiet", "--allow-empty", "--message=fiches")):
        subprocess.run(["git", "-C", str(repository), *command], check=True, capture_output=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, own_data_dir: Path, encoder: Encoder) -> Iterator[Site]:
    assert own_data_dir, "the model has read these sheets"
    folder = tmp_path_factory.mktemp("admin")
    repository = Path(shutil.copytree(SHEETS, folder / "sheets"))
    subprocess.run(["git", "init", "--quiet", "--initial-branch=fiches", str(repository)], check=True)
    commit(repository)
    data_dir = make_data_dir(folder / "data")
    StaffAccounts(data_dir).add(NAME, PASSWORD)
    sources = folder / "sources.toml"
    sources.write_text(f'[[source]]\naddress = "file://{repository}#fiches"\n')
    golden = folder / "questions.yaml"
    golden.write_text(
        f"- question: Le budget participatif du Gers\n  sheets: [1]\n- question: {UNANSWERED}\n  sheets: [8]\n"
    )
    settings = {
        "ASSISTANT_SOURCE": str(sources),
        "ASSISTANT_GOLDEN": str(golden),
        "ASSISTANT_ADMIN_TOKEN": TOKEN,
        "ASSISTANT_WEBHOOK_SECRET": HOOK_SECRET,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reindexing, "open_settings_encoder", lambda _settings: encoder)
        reindexing.reindex(Settings(data_dir=data_dir, source=str(sources), golden=str(golden)), Watch(None))
    for url in start_server(data_dir, folder, **settings):
        yield Site(url, repository, data_dir, folder / "server.log")


def sign_in(client: httpx.Client, name: str = NAME, password: str = PASSWORD, **fields: str) -> httpx.Response:
    form = {"csrf": token_of(client.get("/admin/connexion").text), "name": name, "password": password, **fields}
    return client.post("/admin/connexion", data=form)


def token_of(page: str) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found, page
    return found[1]


def set_cell(rows: Rows, row: int, column: str, text: str) -> Rows:
    rows[row][rows[0].index(column)] = text
    return rows


def cut_in_half(rows: Rows) -> Rows:
    return rows[:17]


# --- who may enter ---


@pytest.mark.parametrize(
    "path", ["/admin", "/admin/", "/admin/reindexations/x", "/admin/reindexations/x.csv", "/admin/y"]
)
def test_without_a_session_pages_lead_to_sign_in_and_say_nothing(path: str, site: Site) -> None:
    answer = site.client().get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/admin/connexion")
    assert answer.text == ""


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "runs"),
        ("GET", "runs/x"),
        ("GET", "versions"),
        ("GET", "unknown"),
        ("POST", "reindex"),
        ("POST", "rollback"),
    ],
)
def test_without_a_session_the_interface_refuses(method: str, path: str, site: Site) -> None:
    answer = site.client().request(method, f"/api/admin/{path}", content="not json")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_nothing_of_the_staff_is_kept_by_browsers_nor_found_by_search_engines(site: Site) -> None:
    client = site.signed_in()
    for path in ("/admin", "/admin/connexion", "/admin/nothing", "/api/admin/runs", "/api/admin/nothing"):
        headers = client.get(path).headers
        assert (headers["cache-control"], headers["x-robots-tag"]) == ("no-store", "noindex"), path
        assert "default-src 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize(("name", "password"), [(NAME, "un mot de passe faux"), ("inconnu", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_are_refused_in_the_same_words(name: str, password: str, site: Site) -> None:
    client = site.client()
    answer = sign_in(client, name, password)
    assert answer.status_code == 403
    assert "n&#39;est pas le bon" in answer.text
    assert "assistant_staff=" not in answer.headers.get("set-cookie", "")
    assert client.get("/admin").status_code == 303


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    cookie = sign_in(site.client()).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/;" in cookie
    assert "secure" not in cookie
    over_tls = site.client()
    over_tls.headers["X-Forwarded-Proto"] = "https"
    token = over_tls.get("/admin/connexion")
    over_tls.cookies.set("assistant_staff_form", token.headers["set-cookie"].split("=", 1)[1].split(";")[0])
    form = {"csrf": token_of(token.text), "name": NAME, "password": PASSWORD}
    assert "; secure" in over_tls.post("/admin/connexion", data=form).headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/admin/reindexations/20261123-101500-123456", "/admin/reindexations/20261123-101500-123456"),
        ("https://evil.example/", "/admin"),
        ("//evil.example", "/admin"),
        ("/admin/../../evil", "/admin"),
        ("/admin\r\nX: y", "/admin"),
        ("/admin/connexion", "/admin"),
    ],
)
def test_signing_in_leads_to_our_own_pages_only(wanted: str, given: str, site: Site) -> None:
    assert sign_in(site.client(), suite=wanted).headers["location"] == given


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_sign_in_form_that_was_not_shown_is_refused(token: str, site: Site) -> None:
    client = site.client()
    client.get("/admin/connexion")
    answer = client.post("/admin/connexion", data={"csrf": token, "name": NAME, "password": PASSWORD})
    assert answer.status_code == 403
    assert "a expiré" in answer.text


def test_a_form_without_its_token_or_with_anothers_does_nothing(site: Site) -> None:
    client, other = site.signed_in(), site.signed_in()
    count = len(site.list_runs()["runs"])
    version = site.versions()["current"]
    for path in ("/admin/reindexations", f"/admin/versions/{version}/retour", "/admin/deconnexion"):
        for token in ("", "0" * 64, token_of(other.get("/admin").text)):
            answer = client.post(path, data={"csrf": token})
            assert answer.status_code == 403, path
            assert "a expiré" in answer.text
    assert client.get("/admin").status_code == 200, "still signed in"
    assert len(site.list_runs()["runs"]) == count


def test_a_form_sent_by_another_sites_page_is_refused(site: Site) -> None:
    client = site.signed_in()
    token = token_of(client.get("/admin").text)
    answer = client.post("/admin/deconnexion", data={"csrf": token}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert client.get("/admin").status_code == 200


def test_a_cookie_that_was_changed_opens_nothing(site: Site) -> None:
    client = site.signed_in()
    cookie = client.cookies["assistant_staff"]
    for wrong in (cookie[:-2], cookie[::-1], cookie.split(".")[0], "x"):
        other = site.client()
        other.cookies.set("assistant_staff", wrong)
        assert other.get("/admin").status_code == 303


def test_staff_see_how_an_answer_came_about_and_nobody_else_does(site: Site) -> None:
    path = "/admin/expliquer?question=Combien+de+fiches+mentionnent+le+tirage+au+sort+%3F"
    assert site.client().get(path).headers["location"].startswith("/admin/connexion")
    page = site.signed_in().get(path).text
    for told in ("Ce qui a été lu", "un compte ; mots qu&#39;aucun filtre ne dit : tirage, sort", "écartée", "retenue"):
        assert told in page
    assert "Fiches trouvées" in page
    assert XSS not in site.signed_in().get("/admin/expliquer", params={"question": XSS}).text
    assert site.signed_in().get("/admin/expliquer", params={"question": "x" * 2001}).status_code == 422


def test_signing_out_ends_the_session_on_the_server_too(site: Site) -> None:
    client = site.signed_in()
    cookie = client.cookies["assistant_staff"]
    answer = client.post("/admin/deconnexion", data={"csrf": token_of(client.get("/admin").text)})
    assert answer.headers["location"] == "/admin/connexion?sortie=1"
    assert "déconnecté" in client.get(answer.headers["location"]).text
    thief = site.client()
    thief.cookies.set("assistant_staff", cookie)
    assert thief.get("/admin").status_code == 303
    assert thief.get("/api/admin/runs").status_code == 401


def test_an_account_that_is_removed_is_out_at_once(site: Site) -> None:
    accounts = StaffAccounts(site.data_dir)
    accounts.add("alix", PASSWORD)
    client = site.client()
    sign_in(client, "alix")
    assert client.get("/admin").status_code == 200
    accounts.remove("alix")
    assert client.get("/admin").status_code == 303


def test_after_failures_even_the_right_password_waits_some_seconds_and_only_there(site: Site) -> None:
    StaffAccounts(site.data_dir).add("dominique", PASSWORD)
    client = site.client()
    assert [sign_in(client, "dominique", "faux").status_code for _ in range(3)] == [403] * 3
    slowed = sign_in(client, "dominique")
    wait = slowed.headers["retry-after"]
    assert (slowed.status_code, wait in ("1", "2")) == (429, True)
    assert f"Trop d&#39;essais : attendez {wait} seconde" in slowed.text
    assert sign_in(site.client(), "dominique").status_code == 303, "not from elsewhere"
    time.sleep(int(wait))
    assert sign_in(client, "dominique").status_code == 303
    assert "198.51.100" not in site.log.read_text()


def test_the_interface_takes_the_sessions_token_in_a_header(site: Site) -> None:
    client = site.signed_in()
    assert client.get("/api/admin/runs").status_code == 200
    assert client.post("/api/admin/rollback", json={"version": "x"}).status_code == 403
    headers = {"X-CSRF-Token": token_of(client.get("/admin").text)}
    answer = client.post("/api/admin/rollback", json={"version": "x"}, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "Version 'x' inconnue" in answer.json()["detail"]


@pytest.mark.parametrize("value", ["Bearer faux", "Bearer", "bearer é", f"Basic {TOKEN}"])
def test_a_wrong_token_is_refused(value: str, site: Site) -> None:
    answer = site.client().get("/api/admin/runs", headers={"Authorization": value.encode()})
    assert answer.status_code == 401


def test_the_token_of_scripts_opens_no_page(site: Site) -> None:
    assert site.client().get("/admin", headers=BEARER).status_code == 303


# --- what the pages say and do ---


def test_the_dashboard_shows_what_is_served_and_where_it_comes_from(site: Site) -> None:
    page = site.signed_in().get("/admin").text
    ready = httpx.get(f"{site.url}/readyz").json()
    assert ready["version"] in page
    assert "multilingual-e5-small" in page
    assert f"file://{site.repository}#fiches" in page
    assert "réservés aux adhérents" in page


def test_the_report_names_the_golden_questions_that_were_missed(site: Site) -> None:
    first = site.list_runs()["runs"][-1]
    page = site.signed_in().get(f"/admin/reindexations/{first['id']}").text
    assert "50\u00a0% des fiches attendues trouvées, 2 questions posées" in page
    assert UNANSWERED in page


def test_a_broken_list_of_sources_is_said_on_the_dashboard(site: Site) -> None:
    sources = site.data_dir.parent / "sources.toml"
    kept = sources.read_text()
    sources.write_text("[[source]]\nadress = 'x'\n")
    try:
        answer = site.signed_in().get("/admin")
    finally:
        sources.write_text(kept)
    assert answer.status_code == 200
    assert "Liste de sources" in answer.text


@pytest.mark.parametrize("path", ["/admin/nothing", "/admin/reindexations/no-such-run", "/admin/versions/x/retour"])
def test_an_unknown_page_is_said_in_french(path: str, site: Site) -> None:
    answer = site.signed_in().get(path)
    assert answer.status_code == 404
    assert "<h1>Impossible</h1>" in answer.text


def test_a_dry_run_tells_each_difference_and_changes_nothing(site: Site) -> None:
    current = site.versions()["current"]

    def change(rows: Rows) -> Rows:
        rows = set_cell(rows, 1, "TITRE DU PROJET", f"=Budget {KEPT}")
        text = rows[2][rows[0].index("PRÉSENTATION DU PROJET")]
        rows = set_cell(rows, 2, "PRÉSENTATION DU PROJET", f"{text} Une phrase nouvelle.")
        return set_cell(rows, 16, "TITRE DU PROJET", "")

    site.publish(change)
    client = site.signed_in()
    form = {"csrf": token_of(client.get("/admin").text), "dry_run": "true"}
    site.wait_until_free()
    started = client.post("/admin/reindexations", data=form)
    assert started.status_code == 303
    run = site.wait(started.headers["location"].rpartition("/")[2])
    assert (run["status"], run["trigger"]) == ("tried", "admin")
    assert site.versions()["current"] == current
    page = client.get(started.headers["location"]).text
    assert "Essai : rien n’a été changé" in page
    assert KEPT not in page
    assert "=Budget &lt;hack tabindex=1 autofocus onfocus=window.hacked=1&gt;" in page
    assert re.search(r"<ins>.*Une phrase nouvelle\.", page)
    assert "la cellule est vide" in page
    check_report(client.get(f"{started.headers['location']}.csv"))


def check_report(answer: httpx.Response) -> None:
    """The file of the report: what a spreadsheet opens, with nothing that it would run."""
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    title = next(row for row in rows if row["Rubrique"] == "Fiche modifiée" and row["Champ"] == "Titre")
    assert title["Titre"] == f"'=Budget {KEPT}"
    assert title["Après"] == f"'=Budget {KEPT}"
    rejected = next(row for row in rows if row["Rubrique"] == "Écarté")
    assert (rejected["Fichier"], rejected["Ligne"]) == ("fiches.csv", "17")


def test_a_table_cut_in_half_is_refused_then_forced_then_rolled_back(site: Site) -> None:
    site.publish(cut_in_half)
    before = site.versions()["current"]
    refused = site.reindex()
    assert refused["status"] == "refused"
    client = site.signed_in()
    page = client.get(f"/admin/reindexations/{refused['id']}").text
    assert "Refusée : rien n’a changé" in page
    assert "plus que 16 fiches au lieu de 35" in page
    assert site.versions()["current"] == before

    site.wait_until_free()
    form = {"csrf": token_of(client.get("/admin").text), "force": "true"}
    forced = site.wait(client.post("/admin/reindexations", data=form).headers["location"].rpartition("/")[2])
    assert forced["status"] == "done"
    assert site.versions()["current"] == forced["report"]["version"] != before

    site.wait_until_free()  # it is over before its process is
    path = f"/admin/versions/{before}/retour"
    confirm = client.get(path).text
    assert "Revenir à cette version ?" in confirm
    assert site.versions()["current"] != before, "nothing before the confirmation"
    assert client.post(path, data={"csrf": token_of(confirm)}).headers["location"] == "/admin"
    assert f"La version {before} est remise en service." in client.get("/admin").text
    assert site.versions()["current"] == before
    # A busy server may still be opening the version before this one.
    wait_until(lambda: site.versions()["served"] == before, "the version put back is not served")
    site.publish()


def test_while_a_reindexing_is_at_work_another_is_refused(site: Site) -> None:
    site.wait_until_free()
    client = site.signed_in()
    token = token_of(client.get("/admin").text)
    started = httpx.post(f"{site.url}/api/admin/reindex", json={"dry_run": True}, headers=BEARER, timeout=60).json()
    again = httpx.post(f"{site.url}/api/admin/reindex", headers=BEARER, timeout=60)
    assert again.status_code == 409
    assert "déjà en cours" in again.json()["detail"]
    page = client.post("/admin/reindexations", data={"csrf": token})
    assert page.status_code == 409
    assert f"/admin/reindexations/{started['run']}" in page.text
    assert "déjà en cours" in page.text
    site.wait(started["run"])


def test_an_unknown_option_of_the_interface_is_refused(site: Site) -> None:
    answer = httpx.post(f"{site.url}/api/admin/reindex", json={"dryrun": True}, headers=BEARER)
    assert answer.status_code == 422


# --- hooks of git servers ---


def push(branch: str = "fiches", number: int = 0) -> bytes:
    return json.dumps({"ref": f"refs/heads/{branch}", "before": "0" * 40, "after": f"{number:040}"}).encode()


def sign(body: bytes, secret: str = HOOK_SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def send(site: Site, body: bytes, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return site.client().post("/api/admin/webhook", content=body, headers=named)


def test_a_push_starts_a_reindexing_once(site: Site) -> None:
    site.wait_until_free()
    body = push(number=1)
    taken = send(site, body, X_GitHub_Event="push", X_Hub_Signature_256=f"sha256={sign(body)}")
    assert taken.status_code == 202
    again = send(site, body, X_GitHub_Event="push", X_Hub_Signature_256=f"sha256={sign(body)}", X_GitHub_Delivery="2")
    assert again.status_code == 409
    while_busy = push(number=2)
    queued = send(site, while_busy, X_Forgejo_Event="push", X_Forgejo_Signature=sign(while_busy))
    assert (queued.status_code, queued.json()["run"]) == (202, None)
    assert site.wait(taken.json()["run"])["trigger"] == "webhook"
    site.wait_for_runs("webhook", 2)
    known = json.loads((site.data_dir / "webhooks.json").read_text())
    assert hashlib.sha256(body).hexdigest() in known, "a restart does not forget"


def test_a_push_with_a_wrong_signature_or_none_is_refused(site: Site) -> None:
    body = push(number=3)
    for headers in (
        {},
        {"X_Hub_Signature_256": "sha256=" + sign(body, "un autre secret")},
        {"X_Hub_Signature_256": ""},
        {"X_Gitea_Signature": sign(body + b" ")},
        {"X_Gitlab_Token": "faux"},
        {"X_Forgejo_Signature": sign(b""), "X_Gitea_Signature": sign(body)},
    ):
        assert send(site, body, X_GitHub_Event="push", **headers).status_code == 401, headers


def test_what_is_no_push_to_our_branch_starts_nothing(site: Site) -> None:
    count = len(site.list_runs()["runs"])
    ping = b'{"zen": "Keep it logically awesome."}'
    assert send(site, ping, X_GitHub_Event="ping", X_Hub_Signature_256=f"sha256={sign(ping)}").status_code == 200
    issue = b'{"action": "opened"}'
    assert send(site, issue, X_Gitea_Event="issues", X_Gitea_Signature=sign(issue)).status_code == 204
    assert send(site, issue, X_Gitea_Event="push", X_Gitea_Signature=sign(issue)).status_code == 204
    other = push("brouillons")
    answer = send(site, other, X_Gitea_Event="push", X_Gitea_Signature=sign(other))
    assert (answer.status_code, answer.json()["run"]) == (202, None)
    assert "branche" in answer.json()["detail"]
    assert len(site.list_runs()["runs"]) == count


def signed_headers(body: bytes, secret: bytes, sent: int) -> Headers:
    digest = hmac.new(secret, b"id1." + str(sent).encode() + b"." + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(b'another').decode()} v1,{base64.b64encode(digest).decode()}"
    return Headers({"webhook-id": "id1", "webhook-timestamp": str(sent), "webhook-signature": signature})


def test_the_signature_of_the_standard_is_checked_with_its_time() -> None:
    key = base64.b64encode(b"k" * 32).decode()
    headers = signed_headers(b"{}", b"k" * 32, 1_000_000)
    assert find_signed(headers, b"{}", f"whsec_{key}", 1_000_299) == b"id1.1000000.{}"
    assert find_signed(headers, b"{}", f"whsec_{key}", 1_000_301) is None
    assert find_signed(headers, b"{}", f"whsec_{key}", 999_699) is None
    assert find_signed(headers, b"{ }", f"whsec_{key}", 1_000_000) is None
    assert find_signed(headers, b"{}", "whsec_abc", 1_000_000) is None
    assert find_signed(signed_headers(b"{}", b"simple", 5), b"{}", "simple", 5) == b"id1.5.{}"


@pytest.mark.parametrize("sent", ["9" * 400, "9" * 13, "-5", "1e9", "²", ""])
def test_a_time_that_is_none_is_a_bad_signature(sent: str) -> None:
    raw = [(b"webhook-timestamp", sent.encode("latin-1")), (b"webhook-signature", b"v1,x")]
    assert find_signed(Headers(raw=raw), b"{}", "simple", time.time()) is None


def test_gitlabs_token_is_compared_and_its_other_headers_do_not_sign() -> None:
    headers = {"x-gitlab-token": "secret é", "webhook-id": "1", "webhook-timestamp": "5", "x-gitlab-event-uuid": "u"}
    raw = Headers(raw=[(name.encode(), value.encode()) for name, value in headers.items()])
    assert find_signed(raw, b"{}", "secret é", 1_000_000) == b"u.{}"
    assert find_signed(raw, b"{}", "secret e", 1_000_000) is None
    assert find_signed(Headers(headers | {"webhook-signature": "v1,x"}), b"{}", "secret é", 5) is None


def test_a_push_of_many_commits_is_read(site: Site) -> None:
    content = json.loads(push("brouillons")) | {"commits": [{"message": "x" * 100}] * 5000}
    body = json.dumps(content).encode()
    assert len(body) > 500_000
    assert send(site, body, X_Gitea_Event="push", X_Gitea_Signature=sign(body)).status_code == 202


def test_a_push_sent_as_a_form_is_read(site: Site) -> None:
    body = b"payload=" + push("brouillons").replace(b'"', b"%22").replace(b" ", b"+")
    answer = send(
        site,
        body,
        X_GitHub_Event="push",
        X_Hub_Signature_256=f"sha256={sign(body)}",
        Content_Type="application/x-www-form-urlencoded",
    )
    assert (answer.status_code, answer.json()["run"]) == (202, None)


# --- differences ---


def same(text: str) -> Piece:
    return Piece("same", text)


def removed(text: str) -> Piece:
    return Piece("removed", text)


def added(text: str) -> Piece:
    return Piece("added", text)


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        pytest.param("", "Neuf.", [added("Neuf.")], id="new"),
        pytest.param("Ancien.", "", [removed("Ancien.")], id="gone"),
        pytest.param(
            "La ville vote en mai.",
            "La ville vote en juin.",
            [same("La ville vote en "), removed("mai."), added("juin.")],
            id="a-word",
        ),
        pytest.param(
            "Une phrase. Une autre.",
            "Une phrase. Au milieu. Une autre.",
            [same("Une phrase. "), added("Au milieu. "), same("Une autre.")],
            id="a-sentence",
        ),
        pytest.param(
            "Plus de 34 000 habitants votent.",
            "Plus de 35 000 habitants votent.",
            [same("Plus de "), removed("34 000"), added("35 000"), same(" "), same("habitants votent.")],
            id="a-number",
        ),
        pytest.param("2019", "2021", [removed("2019"), added("2021")], id="nothing-in-common"),
        pytest.param(
            "un grand parc au nord de la ville",
            "un petit jardin au nord de la ville",
            [same("un "), removed("grand parc"), added("petit jardin"), same(" "), same("au nord de la ville")],
            id="two-words",
        ),
    ],
)
def test_a_difference_is_told_word_by_word(before: str, after: str, pieces: list[Piece]) -> None:
    assert find_difference(before, after) == pieces


def test_a_long_text_is_cut_to_what_changed() -> None:
    text = "Une phrase qui ne change pas du tout. " * 100
    pieces = find_difference(f"{text}Fin.", f"{text}Suite et fin de tout.")
    assert [piece.kind for piece in pieces] == ["cut", "same", "removed", "added"]
    assert len(pieces[1].text) < 100
    whole = find_difference("", "mot " * 5000)
    assert [piece.kind for piece in whole] == ["added", "cut"]


def test_two_long_texts_are_compared_in_no_time() -> None:
    words = ["la", "ville", "de", "la", "commune", "et", "les", "habitants", "du", "quartier", "au"]
    before = " ".join(words[index * 7 % 11] for index in range(4000))
    after = " ".join(words[index * 5 % 11] for index in range(4000))
    start = time.thread_time()
    find_difference(before, after)
    assert time.thread_time() - start < 5


# --- in a browser ---

CHECK = """() => {
  const faults = [];
  const visible = e => e.getClientRects().length && getComputedStyle(e).visibility === 'visible';
  if (document.documentElement.lang !== 'fr') faults.push('lang');
  if (document.querySelectorAll('h1').length !== 1) faults.push('h1');
  let level = 0;
  for (const h of document.querySelectorAll('h1,h2,h3,h4')) {
    if (+h.tagName[1] > level + 1) faults.push('heading after a gap: ' + h.textContent);
    level = +h.tagName[1];
  }
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) faults.push('an id twice');
  for (const e of document.querySelectorAll('input:not([type=hidden]),progress,select'))
    if (!e.labels.length) faults.push('no label: ' + e.id);
  for (const e of document.querySelectorAll('a,button,summary'))
    if (!e.textContent.trim()) faults.push('no name: ' + e.outerHTML);
  for (const t of document.querySelectorAll('table')) {
    if (!t.caption) faults.push('no caption');
    for (const th of t.querySelectorAll('th')) if (!th.scope) faults.push('no scope: ' + th.textContent);
  }
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !visible(e) || e.closest('noscript')) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faults.push('contrast: ' + walker.currentNode.textContent.trim());
  }
  for (const e of document.querySelectorAll('button,.button,header nav a,.sign-in input'))
    if (visible(e) && e.getBoundingClientRect().height < 24) faults.push('too small: ' + e.textContent);
  if (document.documentElement.scrollWidth > innerWidth) faults.push('scrolls sideways');
  return faults;
}"""


@pytest.fixture(params=[pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    headers = {"X-Forwarded-For": f"203.0.113.{request.param['width'] % 250}"}
    context = browser.new_context(locale="en-US", viewport=request.param, extra_http_headers=headers)
    page = context.new_page()
    errors: list[str] = []
    elsewhere: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("request", lambda sent: None if sent.url.startswith((site.url, "data:")) else elsewhere.append(sent.url))
    yield page
    context.close()
    assert errors == []
    assert elsewhere == []


def check_accessible(page: Page) -> None:
    """What can be checked by a program, in light and dark, at this width and at twice the zoom."""
    size = page.viewport_size
    assert size is not None
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate(CHECK) == [], (page.url, scheme)
    page.set_viewport_size({"width": max(320, size["width"] // 2), "height": size["height"]})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page.url, "zoomed")
    page.set_viewport_size(size)


def sign_in_browser(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/admin")
    page.get_by_label("Nom du compte").fill(NAME)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tableau de bord")


def test_staff_sign_in_reindex_follow_it_live_read_the_report_and_roll_back(page: Page, site: Site) -> None:
    title = f"Un titre {KEPT}"
    site.publish(lambda rows: set_cell(rows, 8, "TITRE DU PROJET", title))
    site.wait_until_free()
    before = site.versions()["current"]
    page.goto(f"{site.url}/admin")
    check_accessible(page)
    page.get_by_label("Nom du compte").fill("inconnu")
    page.get_by_label("Mot de passe").fill("un mot de passe faux")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_contain_text("n'est pas le bon")
    check_accessible(page)
    sign_in_browser(page, site)
    page.get_by_text("Après un refus des contrôles").click()
    check_accessible(page)

    page.get_by_role("button", name="Réindexer").click()
    expect(page.get_by_role("heading", name="Avancement")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Part de cette étape")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text(
        re.compile("Lecture|Ouverture|Passages|Questions"), timeout=90_000
    )
    check_accessible(page)
    expect(page.get_by_role("heading", name="est en service")).to_be_visible(timeout=180_000)
    expect(page.locator("#bilan")).to_be_focused()

    page.locator("summary", has_text="Un titre").click()
    expect(page.locator("ins", has_text="Un titre")).to_contain_text(KEPT)
    assert page.evaluate("window.hacked") is None
    check_accessible(page)
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Télécharger le rapport").click()
    assert downloaded.value.suggested_filename.endswith(".csv")

    page.get_by_role("link", name="Administration").click()
    page.get_by_role("link", name=f"Revenir à cette version {before}").click()
    check_accessible(page)
    page.get_by_role("button", name="Oui").click()
    expect(page.get_by_role("status")).to_contain_text(f"La version {before} est remise en service.")
    check_accessible(page)
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("status")).to_contain_text("déconnecté")
    site.publish()


RECIPES = [
    ["N°", "Nom de la recette", "Association", "Ville", "Régime", "Préparation", "Courriel"],
    *(
        [f"R{number}", name, "La Tablée", town, diet, f"{name} : {TO_COOK}", f"atelier{number}@cuisine.example"]
        for number, (name, town, diet) in enumerate(
            [
                ("Soupe de potimarron", "Rennes", "végétarien, de saison"),
                ("Dhal de lentilles corail", "Brest", "végétarien"),
                ("Clafoutis aux cerises", "Auch", "de saison"),
                ("Galettes de sarrasin", "Nantes", "sans gluten, végétarien"),
            ],
            start=1,
        )
    ),
    ["R5", "", "La Tablée", "Lyon", "végétarien", f"Sans nom : {TO_COOK}", ""],
]


def ask_sheets(site: Site, question: str) -> list[str]:
    answer = httpx.post(f"{site.url}/api/ask", json={"query": question}, timeout=60)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["sheets"])


def check_page(page: Page) -> None:
    check_accessible(page)
    assert find_faults(page) == [], page.url


def go_back(page: Page, site: Site, version: str) -> None:
    page.goto(f"{site.url}/admin")
    page.get_by_role("link", name=f"Revenir à cette version {version}").click()
    page.get_by_role("button", name="Oui").click()
    expect(page.get_by_role("status")).to_contain_text(f"La version {version} est remise en service.")


@pytest.mark.parametrize("page", [pytest.param(DESKTOP, id="desktop")], indirect=True)
def test_staff_bring_a_spreadsheet_see_its_sheets_put_them_in_service_and_go_back(
    page: Page, site: Site, tmp_path: Path
) -> None:
    table = tmp_path / "recettes des associations.xlsx"
    write_xlsx(table, {"Recettes": RECIPES})
    question = "Comment cuisiner une soupe de potimarron ?"
    site.publish()
    site.reindex()
    before = site.versions()["current"]
    sign_in_browser(page, site)
    page.get_by_role("link", name="Tableaux", exact=True).click()
    check_page(page)
    page.get_by_label("Nom de ces fiches").fill(f"Recettes {KEPT}")
    page.get_by_label("Fichiers").set_input_files(table)
    page.get_by_role("button", name="Apporter").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Que contient chaque colonne ?")
    proposed = {
        "N°": "id",
        "Nom de la recette": "title",
        "Association": "organisation",
        "Ville": "commune",
        "Régime": "thematique",
        "Préparation": "steps",
        "Courriel": "",
    }
    for place, part in enumerate(proposed.values()):
        expect(page.locator(f"#part_{place}")).to_have_value(part)
    check_page(page)
    page.get_by_label("C’est, pour Nom de la recette").select_option("")
    page.get_by_role("button", name="Voir mes fiches").click()
    expect(page.get_by_role("alert")).to_contain_text("Aucune colonne n'est le titre")
    check_page(page)
    page.get_by_label("C’est, pour Nom de la recette").select_option("Titre de la fiche")
    page.get_by_role("button", name="Voir mes fiches").click()

    expect(page.get_by_role("heading", name="3 fiches comme les visiteurs les verront")).to_be_visible()
    expect(page.locator(".preview").first).to_contain_text("Soupe de potimarron")
    expect(page.get_by_role("row", name=re.compile("ligne 6.*la cellule est vide"))).to_be_visible()
    expect(page.get_by_text("végétarien (3), de saison (2), sans gluten (1)")).to_be_visible()
    assert "cuisine.example" not in page.content()
    check_page(page)
    page.get_by_role("button", name="Essayer").click()
    expect(page.get_by_role("heading", name="Mettre cette version en service")).to_be_visible(timeout=120_000)
    assert site.versions()["current"] == before
    page.get_by_role("link", name="Soupe de potimarron").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Soupe de potimarron")
    check_page(page)
    page.go_back()
    page.get_by_role("button", name="Mettre en service").click()
    expect(page.get_by_role("heading", name="est en service")).to_be_visible(timeout=180_000)
    check_page(page)

    wait_until(lambda: "recettes-hack-tabindex-1-autofocus-onfoc-R1" in ask_sheets(site, question), "it is not served")
    page.goto(f"{site.url}/admin/tableaux")
    expect(page.get_by_role("link", name="Recettes")).to_be_visible()
    check_page(page)
    go_back(page, site, before)
    assert not [sheet for sheet in ask_sheets(site, question) if sheet.startswith("recettes")]
    page.goto(f"{site.url}/admin/tableaux")
    expect(page.get_by_text("Aucun tableau apporté ici n’est en service")).to_be_visible()
    assert site.reindex()["status"] == "unchanged"
    assert page.evaluate("window.hacked") is None


def alarm_of(site: Site) -> str:
    figures = httpx.get(f"{site.url}/metrics").text
    return re.findall(r'assistant_alarm\{kind="sources"\} (\S+)', figures)[0]


def test_a_reindexing_that_fails_while_nobody_looks_is_seen_until_one_succeeds(site: Site) -> None:
    client = site.signed_in()
    site.publish(cut_in_half)
    assert site.reindex()["status"] == "refused"
    page = client.get("/admin/notions").text
    assert "À regarder" in page
    assert "est refusée par les contrôles : Il n&#39;y aurait plus que" in page
    told = httpx.get(f"{site.url}/readyz").json()
    assert told["status"] == "degraded"
    assert any("réindexation automatique n'a pas abouti" in problem for problem in told["problems"])
    assert str(site.repository) not in str(told)
    assert alarm_of(site) == "1.0"
    site.publish()
    assert site.reindex()["status"] in ("done", "unchanged")
    assert "À regarder" not in client.get("/admin").text
    assert alarm_of(site) == "0.0"


def test_staff_stop_a_run_and_nothing_changes(site: Site) -> None:
    client = site.signed_in()
    site.publish(lambda rows: set_cell(rows, 8, "TITRE DU PROJET", "Un titre à ne pas garder"))
    site.wait_until_free()
    before = site.versions()["current"]
    form = {"csrf": token_of(client.get("/admin").text)}
    page = client.post("/admin/reindexations", data=form).headers["location"]
    assert client.post(f"{page}/arret", data=form).headers["location"] == page
    run = site.wait(page.rpartition("/")[2])
    assert run["status"] == "interrupted"
    assert site.versions()["current"] == before
    assert "est finie, ou a été lancée ailleurs" in client.post(f"{page}/arret", data=form).text
    site.publish()


def test_a_file_that_is_no_table_is_refused_with_what_to_do(site: Site) -> None:
    client = site.signed_in()
    form = {"csrf": token_of(client.get("/admin/tableaux").text)}
    for name, content, told in (
        ("page.html", b"<p>", "« page.html » n&#39;est pas d&#39;une forme qui se lit ici"),
        ("vide.csv", b"", "vide.csv : le fichier est vide"),
        ("abîmé.xlsx", b"PK\x03\x04rien", "enregistrez-le à nouveau"),
    ):
        answer = client.post("/admin/tableaux", data=form, files={"files": (name, content)})
        assert (answer.status_code, told in answer.text) == (422, True), answer.text
    assert not re.search("vide|abîmé", client.get("/admin/tableaux").text)


def test_files_are_taken_from_staff_alone_and_within_a_size(site: Site) -> None:
    files = {"files": ("a.csv", b"Nom;Texte\n")}
    assert site.client().post("/admin/tableaux", files=files).headers["location"].startswith("/admin/connexion")
    client = site.signed_in()
    assert client.post("/admin/tableaux", files=files).status_code == 403
    host, port = site.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as sent:
        sent.sendall(f"POST /admin/tableaux HTTP/1.1\r\nHost: {host}\r\nContent-Length: 60000001\r\n\r\n".encode())
        answer = b"".join(iter(lambda: sent.recv(4096), b"")).decode()
    assert answer.startswith("HTTP/1.1 413")
    assert "Ces fichiers dépassent 60 Mo" in answer


def test_the_pages_work_with_the_keyboard_alone(page: Page, site: Site) -> None:
    sign_in_browser(page, site)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Essai seulement")).to_be_focused()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_without_javascript_the_page_of_a_run_reloads_by_itself(browser: Browser, site: Site) -> None:
    site.wait_until_free()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in_browser(page, site)
    page.get_by_label("Essai seulement").check()
    page.get_by_role("button", name="Réindexer").click()
    expect(page.get_by_role("heading", name="Essai", level=2)).to_be_visible(timeout=120_000)
    context.close()


def test_a_site_without_accounts_says_how_to_make_one(site: Site) -> None:
    file = site.data_dir / "staff.json"
    aside = file.rename(file.with_suffix(".aside"))
    try:
        assert "assistant staff add NOM" in site.client().get("/admin/connexion").text
    finally:
        aside.rename(file)


def test_a_run_without_report_gives_a_short_table() -> None:
    run = Run(id="1", trigger="admin", status="failed", started="2026-03-01T08:05:00Z", error="-1 +1 =A1")
    text = write_report(run).decode("utf-8-sig")
    assert '"1er mars 2026 à 9\u00a0h\u00a005"' in text
    assert '"\'-1 +1 =A1"' in text
