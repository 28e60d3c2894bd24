"""Signing in and what members then read by HTTP: a real server, a real mail server, a real small OpenID provider."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path

import httpx
import pytest
from conftest import SHEETS, free_port, start_server
from joserfc.jwk import RSAKey
from members_site import HOST, PASSWORD, MembersSite, sign_in, token_of, vouch_token
from small_mail import MailServer, run_mail_server
from small_provider import CLIENT, SECRET, SmallProvider, run_provider

from assistant.credentials.keys import hash_key, make_key
from assistant.edge.authentication import COOKIE
from assistant.members.sessions import MemberSessions
from assistant.staff.accounts import StaffAccounts
from assistant.web.frame.addresses import our_page

_numbers = count(1)


def from_elsewhere() -> dict[str, str]:
    """An address of its own: wrong passwords of one test must not make another wait."""
    return {"X-Forwarded-For": f"192.0.2.{next(_numbers)}"}


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with run_mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def provider() -> Iterator[SmallProvider]:
    with run_provider(free_port()) as running:
        yield running


@pytest.fixture(scope="module")
def site(
    reserved_data_dir: Path,
    mail: MailServer,
    provider: SmallProvider,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[MembersSite]:
    """A server on which one may sign in every way."""
    settings = {
        "ASSISTANT_SOURCE": str(SHEETS),
        "ASSISTANT_PUBLIC_URL": "{url}",
        "ASSISTANT_MEMBER_SITES": f'{{"{HOST}": "un secret de trente-deux caractères tirés"}}',
        "ASSISTANT_SMTP_URL": f"smtp://127.0.0.1:{mail.port}",
        "ASSISTANT_MAIL_FROM": "centre@exemple.fr",
        "ASSISTANT_OIDC_ISSUER": provider.issuer,
        "ASSISTANT_OIDC_CLIENT_ID": CLIENT,
        "ASSISTANT_OIDC_CLIENT_SECRET": SECRET,
        "ASSISTANT_OIDC_CLAIM": "groups=adherents",
    }
    folder = tmp_path_factory.mktemp("ways")
    for url in start_server(reserved_data_dir, folder, **settings):
        yield MembersSite(url, reserved_data_dir, folder / "server.log", "")


# --- by password ---


def test_signing_in_leads_where_one_wanted_to_go_with_a_cookie_that_scripts_do_not_see(site: MembersSite) -> None:
    member = site.add_member()
    with site.client() as client:
        answer = sign_in(client, member.email or "", suite="/fiches/10#page-2")
        assert (answer.status_code, answer.headers["location"]) == (303, "/fiches/10#page-2")
        cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith(f"{COOKIE}="))
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Domain" not in cookie
        assert "Secure" not in cookie, "this test's server has no https"
        page = client.get("/fiches/10")
        assert page.headers["cache-control"] == "private, no-store"
        assert client.get("/connexion?suite=/mon-compte").headers["location"] == "/mon-compte"


def test_the_cookie_is_sent_over_https_only_where_there_is_https(site: MembersSite) -> None:
    with site.client(**{"X-Forwarded-Proto": "https"}) as client:
        page = client.get("/connexion")
        assert "Secure" in page.headers["set-cookie"]


def test_a_session_has_a_key_that_nobody_had_before(site: MembersSite) -> None:
    member = site.add_member()
    with site.client() as client:
        client.cookies.set(COOKIE, "choisie-par-un-autre")
        sign_in(client, member.email or "")
        first = client.cookies.get(COOKIE, domain="127.0.0.1") or client.cookies.get(COOKIE, domain="")
        assert first != "choisie-par-un-autre"


@pytest.mark.parametrize(("known", "password"), [(True, "un mot de passe faux"), (False, PASSWORD)])
def test_a_wrong_address_and_a_wrong_password_are_refused_in_the_same_words(
    known: bool, password: str, site: MembersSite
) -> None:
    email = (site.add_member().email or "") if known else "inconnu@exemple.fr"
    with site.client(**from_elsewhere()) as client:
        answer = sign_in(client, email, password)
    assert answer.status_code == 403
    assert "Cette adresse ou ce mot de passe n&#39;est pas le bon." in answer.text
    assert COOKIE + "=" not in str(answer.headers)


def test_failures_make_one_wait_some_seconds_even_with_the_right_password(site: MembersSite) -> None:
    member = site.add_member()
    with site.client(**from_elsewhere()) as client:
        for email in (member.email or "", "personne@exemple.fr"):
            answers = [sign_in(client, email, "faux faux faux") for _ in range(4)]
            assert [each.status_code for each in answers] == [403] * 3 + [429]
            assert answers[-1].headers["retry-after"] in ("1", "2")
        with site.client(**from_elsewhere()) as other:
            assert sign_in(other, member.email or "").status_code == 303, "nobody is kept out elsewhere"
        time.sleep(2)
        assert sign_in(client, member.email or "").status_code == 303


def test_a_form_of_elsewhere_signs_nobody_in(site: MembersSite) -> None:
    email = site.add_member().email or ""
    form = {"email": email, "password": PASSWORD, "csrf": "0" * 64}
    with site.client(**from_elsewhere()) as client:
        assert client.post("/connexion", data=form).status_code == 403
        token = token_of(client.get("/connexion").text)
    with site.client(**from_elsewhere()) as other:  # another browser
        assert other.post("/connexion", data={**form, "csrf": token}).status_code == 403
        evil = {"Origin": "https://evil.example"}
        assert other.post("/connexion", data=form, headers=evil).json()["title"] == "Origine refusée"


@pytest.mark.parametrize(
    "written",
    [
        *("https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"),
        *("/connexion?suite=/connexion", "/deconnexion", "/admin", "/api/sheets", "", "fiches", "/" + "x" * 3000),
    ],
)
def test_nobody_is_led_elsewhere_than_to_our_pages(written: str) -> None:
    assert our_page(written) == "/chat/"


def test_signing_out_ends_the_session_everywhere_it_was_copied(site: MembersSite) -> None:
    with site.signed_in() as client:
        copied = client.cookies[COOKIE]
        assert client.post("/deconnexion", data={"csrf": "x"}).status_code == 403
        answer = client.post("/deconnexion", data={"csrf": token_of(client.get("/deconnexion").text)})
        assert answer.headers["location"] == "/connexion?sortie=1"
    with site.client(Cookie=f"{COOKIE}={copied}") as thief:
        assert thief.get("/api/members/me").json()["member"] is None
        assert thief.get("/fiches/10.pdf").status_code == 303


def test_a_member_changes_their_password_and_leaves_their_other_devices(site: MembersSite) -> None:
    member = site.add_member()
    with site.signed_in(member) as client, site.signed_in(member) as other:
        form = {
            "csrf": token_of(client.get("/mon-compte").text),
            "password": "faux",
            "new": "cinq mots sans aucun lien",
        }
        assert client.post("/mon-compte/mot-de-passe", data=form).status_code == 403
        assert client.post("/mon-compte/mot-de-passe", data={**form, "password": PASSWORD}).status_code == 303
        assert client.get("/mon-compte").status_code == 200
        assert other.get("/mon-compte").status_code == 303
        form = {"csrf": token_of(client.get("/mon-compte").text)}
        assert client.post("/mon-compte/deconnexion", data=form).headers["location"] == "/connexion?sortie=2"
        assert client.get("/mon-compte").status_code == 303


# --- by a link ---


def ask_link(client: httpx.Client, email: str) -> httpx.Response:
    form = {"csrf": token_of(client.get("/connexion").text), "email": email, "suite": "/fiches/10"}
    return client.post("/connexion/courriel", data=form)


def test_a_link_sent_by_mail_signs_in_once_after_a_confirmation(site: MembersSite, mail: MailServer) -> None:
    member = site.add_member()
    with site.client(**from_elsewhere()) as client:
        asked = ask_link(client, member.email or "")
        message = mail.wait()
        assert (message["To"], message["From"]) == (member.email, "centre@exemple.fr")
        found = re.search(r"http\S+", message.get_content())  # type: ignore[attr-defined]
        assert found
        link = found[0]
        assert link.startswith(f"{site.url}/connexion/lien/")
        for _ in range(3):  # programs that read mail open links
            page = client.get(link)
            assert page.status_code == 200
        assert COOKIE not in client.cookies
        form = {"csrf": token_of(page.text), "suite": "/fiches/10"}
        answer = client.post(link, data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/fiches/10")
        assert client.get("/api/members/me").json()["member"] == {"name": "Camille Durand"}
    with site.client() as late:
        form = {"csrf": token_of(late.get(link).text)}
        assert late.post(link, data=form).status_code == 403
    with site.client(**from_elsewhere()) as stranger:
        unknown = ask_link(stranger, "inconnu@exemple.fr")
    assert unknown.status_code == asked.status_code == 200
    hide = re.compile(r'value="[^"]*"')
    assert hide.sub("", unknown.text) == hide.sub("", asked.text), "the same answer, known or not"
    assert len(mail.messages) == 1


# --- with a provider ---


def through_provider(client: httpx.Client) -> httpx.Response:
    """Where the browser is led back to, after the provider."""
    start = client.get("/connexion/fournisseur?suite=/fiches/10")
    back = httpx.get(start.headers["location"])
    return client.get(back.headers["location"])


def test_a_provider_signs_in_whoever_it_says_is_a_member(site: MembersSite, provider: SmallProvider) -> None:
    provider.person = {"sub": "42", "name": "Zoé Martin", "groups": ["adherents"], "email": "z@m.fr"}
    provider.spoil, provider.signer = {}, provider.key
    with site.client() as client:
        answer = through_provider(client)
        assert (answer.status_code, answer.headers["location"]) == (303, "/fiches/10")
        assert client.get("/api/members/me").json()["member"] == {"name": "Zoé Martin"}
    assert site.accounts().find_by_email("z@m.fr") is None, "an address that is not verified is nobody's"


def test_a_verified_address_is_the_account_that_staff_made_and_may_revoke(
    site: MembersSite, provider: SmallProvider
) -> None:
    member = site.add_member("Nom donné par l'équipe")
    provider.person = {"sub": "43", "groups": ["adherents"], "email": member.email, "email_verified": True}
    provider.spoil, provider.signer = {}, provider.key
    with site.client() as client:
        assert through_provider(client).status_code == 303
        assert client.get("/api/members/me").json()["member"] == {"name": "Nom donné par l'équipe"}
    site.accounts().revoke(member.id)
    with site.client() as client:
        assert through_provider(client).status_code == 403


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param({"groups": ["visiteurs"]}, id="without-the-claim"),
        pytest.param({"nonce": "autre"}, id="other-nonce"),
        pytest.param({"iss": "https://ailleurs.fr"}, id="other-issuer"),
        pytest.param({"aud": "autre-client"}, id="other-audience"),
        pytest.param({"aud": [CLIENT, "autre"], "azp": "autre"}, id="other-party"),
        pytest.param({"exp": 1}, id="expired"),
        pytest.param({"signer": RSAKey.generate_key(2048, {"kid": "1"})}, id="other-key"),
    ],
)
def test_a_token_of_the_provider_that_does_not_hold_signs_nobody_in(
    spoil: dict[str, object], site: MembersSite, provider: SmallProvider
) -> None:
    provider.person = {"sub": "44", "groups": ["adherents"]}
    provider.signer = spoil.pop("signer", provider.key)  # type: ignore[assignment]
    provider.spoil = spoil
    with site.client() as client:
        assert through_provider(client).status_code == 403
        assert COOKIE not in client.cookies


def test_what_comes_back_to_another_browser_or_with_another_state_signs_nobody_in(
    site: MembersSite, provider: SmallProvider
) -> None:
    provider.person, provider.spoil, provider.signer = {"sub": "45", "groups": ["adherents"]}, {}, provider.key
    with site.client() as client, site.client() as victim:
        back = httpx.get(client.get("/connexion/fournisseur").headers["location"]).headers["location"]
        assert victim.get(back).status_code == 403
        victim.get("/connexion/fournisseur")
        assert victim.get(back).status_code == 403
        assert client.get(re.sub("state=[^&]*", "state=x", back)).status_code == 403


# --- vouched for by a host site ---


def test_a_token_is_exchanged_once_for_a_key_that_reads_as_a_member(site: MembersSite) -> None:
    body = {"token": vouch_token(site.url), "origin": HOST}
    with site.client() as client:
        given = client.post("/api/members/vouch", json=body)
        assert given.status_code == 200
        assert "set-cookie" not in given.headers
        assert given.headers["cache-control"] == "no-store"
        key = given.json()["key"]
        assert client.post("/api/members/vouch", json=body).status_code == 403
        as_member = {"Authorization": f"Bearer {key}"}
        assert client.get("/api/sheets/34", headers=as_member).status_code == 200
        assert client.get("/api/sheets/34").status_code == 404
        assert client.get("/api/sheets/34", headers={"Authorization": "Bearer autre"}).status_code == 401


def test_a_token_sent_by_another_site_or_refused_gives_nothing(site: MembersSite) -> None:
    with site.client() as client:
        stolen = {"token": vouch_token(site.url), "origin": HOST}
        answer = client.post("/api/members/vouch", json=stolen, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403
        for body in (
            {"token": vouch_token("https://ailleurs.fr"), "origin": HOST},
            {"token": vouch_token(site.url), "origin": "https://inconnu.fr"},
        ):
            answer = client.post("/api/members/vouch", json=body)
            assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")


# --- what members read ---


def test_members_read_pages_of_documents_and_are_told_which_are_locked(site: MembersSite) -> None:
    with site.signed_in() as client:
        page = client.get("/fiches/10").text
        assert 'id="page-2"' in page
        assert 'href="/fiches/10.pdf"' in page
        locked = client.get("/fiches/1").text
        assert "protégé par un mot de passe" in locked
        pdf = client.get("/fiches/10.pdf")
        assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
        assert (pdf.headers["cache-control"], pdf.headers["content-type"]) == ("private, no-store", "application/pdf")
        assert "object-src 'self'" in pdf.headers["content-security-policy"]
        assert client.get("/fiches/12").status_code == 200, "a sheet that is members' own"
        assert client.get("/fiches/2.pdf").status_code == 404
        query = "Selon quels critères choisir les lieux d'arrêt de la camionnette Tok-Tok ?"
        answer = client.post("/api/ask", json={"query": query}).json()
        assert "members" in {citation["access"] for citation in answer["citations"]}
        assert any(citation["page"] for citation in answer["citations"])


def test_what_depends_on_who_asks_is_never_given_to_another_by_a_cache(site: MembersSite) -> None:
    with site.client() as client:
        for path in ("/fiches/10", "/fiches", "/api/sheets/10", "/api/search?query=jeunes"):
            assert "Cookie" in client.get(path).headers["vary"], path
        seen = client.get("/fiches/10", headers={"If-None-Match": "*"})
        assert seen.status_code == 200


def test_the_first_members_that_ask_together_wait_for_one_index(site: MembersSite) -> None:
    with site.signed_in() as client, ThreadPoolExecutor(4) as several:
        cookie = {"Cookie": f"{COOKIE}={client.cookies[COOKIE]}"}
        answers = list(several.map(lambda _: httpx.get(f"{site.url}/fiches/34", headers=cookie, timeout=60), range(4)))
    assert {answer.status_code for answer in answers} == {200}


# --- staff ---


def test_staff_add_find_link_suspend_and_remove_members(site: MembersSite) -> None:
    StaffAccounts(site.data_dir).add("equipe", PASSWORD)
    with site.client(**from_elsewhere()) as staff:
        form = {"csrf": token_of(staff.get("/admin/connexion").text), "name": "equipe", "password": PASSWORD}
        staff.post("/admin/connexion", data=form)
        csrf = {"csrf": token_of(staff.get("/admin/adherents").text)}
        added = staff.post("/admin/adherents", data={**csrf, "email": "Neuve@ville.fr", "name": "Neuve"})
        own = added.headers["location"]
        assert staff.post("/admin/adherents", data={**csrf, "email": "neuve@ville.fr"}).status_code == 422
        assert "neuve@ville.fr" in staff.get("/admin/adherents?q=NEUVE").text
        page = staff.post(f"{own}/lien", data=csrf).text
        found = re.search(r"http\S+/connexion/lien/[\w-]+", page)
        assert found
        with site.client() as member:
            page = member.get(found[0]).text
            assert member.post(found[0], data={"csrf": token_of(page)}).status_code == 303
            assert member.get("/mon-compte").status_code == 200
            assert staff.post(f"{own}/suspendre", data=csrf).status_code == 303
            assert member.get("/mon-compte").status_code == 303
        assert "suspendu" in staff.get(own).text
        assert staff.post(f"{own}/lien", data=csrf).status_code == 409
        assert staff.post(f"{own}/retablir", data=csrf).status_code == 303
        table = {"table": ("adherents.csv", "prénom;nom;mail\nA;B;ab@ville.fr\nC;D;neuve@ville.fr\nE;F;x@\n")}
        assert staff.post("/admin/adherents/import", data=csrf, files=table).status_code == 303
        told = staff.get("/admin/adherents").text
        assert "1 compte ajouté, 1 déjà là. Adresses incorrectes, laissées de côté : x@." in told
        assert staff.post(f"{own}/retirer", data={"csrf": "x"}).status_code == 403
        assert staff.post(f"{own}/retirer", data=csrf).status_code == 303
        assert staff.get(own).status_code == 404


def test_the_log_names_no_member(site: MembersSite) -> None:
    member = site.add_member("Prénom Remarquable")
    with site.signed_in(member) as client:
        client.get("/mon-compte")
    key = MemberSessions(site.database(), timedelta(days=1)).open(member.id)
    httpx.get(f"{site.url}/api/sheets/1", headers={"Authorization": f"Bearer {key}"})
    log = site.log.read_text()
    assert "/connexion/lien/{key}" in log
    for private in (member.email or "", "Remarquable", key):
        assert private not in log
    assert not re.search(r"/connexion/lien/[\w-]{20}", log)


# --- a conversation in the frame of another site ---


def test_a_key_that_a_frame_made_reads_once_its_member_has_confirmed(site: MembersSite) -> None:
    key = make_key()
    bearer, page = {"Authorization": f"Bearer {key}"}, f"/relier?demande={hash_key(key)}"
    with site.client() as visitor:
        assert visitor.get(page).headers["location"] == f"/connexion?suite={page}"
        assert visitor.post("/relier", data={"demande": hash_key(key)}).status_code == 404
        assert visitor.get("/api/sheets/34", headers=bearer).status_code == 401
    with site.signed_in() as member:
        shown = member.get(page).text
        assert hash_key(key)[:4].upper() in shown
        form = {"demande": hash_key(key), "csrf": token_of(shown)}
        assert member.post("/relier", data={**form, "csrf": "x"}).status_code == 403
        assert member.post("/relier", data=form).status_code == 200
        assert member.post("/relier", data=form).status_code == 409
        assert member.get("/relier?demande=x").status_code == 404
    assert httpx.get(f"{site.url}/api/sheets/34", headers=bearer).status_code == 200
