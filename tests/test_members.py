"""Members' accounts, sessions, links and tokens, in both databases; their command line."""

import base64
import hmac
import json
import logging
import math
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import run_assistant
from joserfc.jwk import ECKey, OctKey, RSAKey
from members_site import HOST, PASSWORD, SECRET, vouch_token
from pydantic import SecretStr
from sqlalchemy import Engine, select, text

from assistant.credentials.passwords import PasswordWrong
from assistant.members.accounts import MemberAccounts, MemberWrong, add_many
from assistant.members.address_list import read_address_list
from assistant.members.links import SignInLinks
from assistant.members.mail import MailWrong
from assistant.members.membership import open_membership
from assistant.members.provider import ProviderWrong
from assistant.members.sessions import MemberSessions
from assistant.members.vouching import SitesWrong, TokenRefused, VouchingSites
from assistant.settings import ROOT, Settings
from assistant.store.tables import member_sessions, members, sign_in_links
from ingest.refusal import Refusal

US = "https://assistant.exemple.fr"
DAY = timedelta(days=1)


@pytest.fixture
def accounts(database: Engine) -> MemberAccounts:
    return MemberAccounts(database)


@pytest.fixture
def sessions(database: Engine) -> MemberSessions:
    return MemberSessions(database, timedelta(days=30))


@pytest.fixture
def sites(database: Engine) -> VouchingSites:
    return VouchingSites(database, {HOST: SECRET}, US)


def test_an_address_is_known_whatever_its_case_and_its_password_is_kept_as_a_hash(
    accounts: MemberAccounts, database: Engine
) -> None:
    member = accounts.add(" Camille@Exemple.FR ", "  Camille   Durand ", PASSWORD)
    assert (member.email, member.name, member.origin, member.has_password) == (
        *("camille@exemple.fr", "Camille Durand", "staff", True),
    )
    assert accounts.check("CAMILLE@exemple.fr", PASSWORD) == accounts.find(member.id)
    with database.connect() as connection:
        kept = connection.scalar(select(members.c.password_hash))
    assert kept.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("email", "password", "error"),
    [
        ("camille@exemple.fr", "", MemberWrong),
        ("Camille@exemple.fr", PASSWORD, MemberWrong),
        ("camille", "", MemberWrong),
        ("a b@exemple.fr", "", MemberWrong),
        ('"x"@exemple.fr', "", MemberWrong),
        (f"{'x' * 250}@exemple.fr", "", MemberWrong),
        ("alix@exemple.fr", "court", PasswordWrong),
    ],
)
def test_an_account_that_cannot_be_made_is_refused(
    email: str, password: str, error: type[Refusal], accounts: MemberAccounts
) -> None:
    accounts.add("camille@exemple.fr")
    with pytest.raises(error):
        accounts.add(email, "", password)
    assert accounts.count() == 1


def test_a_wrong_password_no_password_and_an_unknown_address_open_nothing_and_take_as_long(
    accounts: MemberAccounts,
) -> None:
    accounts.add("camille@exemple.fr", "", PASSWORD)
    accounts.add("sans@exemple.fr")
    accounts.check("x", "y")  # the decoy is made once
    seconds = []
    for email, password in (("camille@exemple.fr", "faux"), ("sans@exemple.fr", ""), ("inconnu@exemple.fr", PASSWORD)):
        start = time.perf_counter()
        assert accounts.check(email, password) is None
        seconds.append(time.perf_counter() - start)
    assert min(seconds) > 0.2 * max(seconds)


def test_a_session_is_found_by_its_key_alone_until_it_is_closed(
    accounts: MemberAccounts, sessions: MemberSessions, database: Engine
) -> None:
    member = accounts.add("camille@exemple.fr")
    key, other = sessions.open(member.id), sessions.open(member.id)
    found = sessions.find(key)
    assert found is not None
    assert found.member.email == "camille@exemple.fr"
    with database.connect() as connection:
        assert key not in connection.execute(select(member_sessions.c.key_hash)).scalars().all()
    sessions.close(key)
    assert sessions.find(key) is None
    assert sessions.find("") is None
    assert sessions.find(other) is not None


def test_a_session_ends_by_itself(accounts: MemberAccounts, sessions: MemberSessions, database: Engine) -> None:
    member = accounts.add("camille@exemple.fr")
    assert sessions.find(sessions.open(member.id, timedelta(seconds=-1))) is None
    sessions.open(member.id)
    with database.connect() as connection:
        assert len(connection.execute(select(member_sessions)).all()) == 1, "the one that is over is forgotten"


@pytest.mark.parametrize("how", ["revoke", "remove", "end_sessions", "set_password"])
def test_what_staff_end_is_ended_at_once(how: str, accounts: MemberAccounts, sessions: MemberSessions) -> None:
    member = accounts.add("camille@exemple.fr", "", PASSWORD)
    key = sessions.open(member.id)
    getattr(accounts, how)(member.id, *(["cinq mots sans aucun lien"] if how == "set_password" else []))
    assert sessions.find(key) is None


def test_a_revoked_member_neither_signs_in_nor_keeps_a_session_until_restored(
    accounts: MemberAccounts, sessions: MemberSessions, database: Engine
) -> None:
    member = accounts.add("camille@exemple.fr", "", PASSWORD)
    link = SignInLinks(database).make(member.id, DAY)
    accounts.revoke(member.id)
    assert accounts.check("camille@exemple.fr", PASSWORD) is None
    assert SignInLinks(database).spend(link or "") is None
    assert sessions.find(sessions.open(member.id)) is None
    accounts.restore(member.id)
    assert accounts.check("camille@exemple.fr", PASSWORD) is not None


def test_a_visit_is_noted(accounts: MemberAccounts, sessions: MemberSessions) -> None:
    member = accounts.add("camille@exemple.fr")
    assert member.last_seen is None
    sessions.find(sessions.open(member.id))
    seen = accounts.find(member.id)
    assert seen is not None
    assert seen.last_seen is not None


def test_a_link_lets_in_once_even_when_two_ask_together(accounts: MemberAccounts, database: Engine) -> None:
    member, links = accounts.add("camille@exemple.fr"), SignInLinks(database)
    key = links.make(member.id, DAY) or ""
    with ThreadPoolExecutor(4) as several:
        entered = [each for each in several.map(lambda _: links.spend(key), range(4)) if each]
    assert [each.id for each in entered] == [member.id]
    assert links.spend(key) is None
    assert links.spend(links.make(member.id, timedelta(seconds=-1)) or "") is None


def test_no_more_than_five_links_wait_for_one_member(accounts: MemberAccounts, database: Engine) -> None:
    member, links = accounts.add("camille@exemple.fr"), SignInLinks(database)
    assert [links.make(member.id, DAY) is None for _ in range(6)] == [False] * 5 + [True]
    accounts.end_sessions(member.id)
    with database.connect() as connection:
        assert connection.execute(select(sign_in_links)).all() == []


def test_accounts_are_found_by_letters_of_address_or_name(accounts: MemberAccounts) -> None:
    for number in range(3):
        accounts.add(f"a{number}@exemple.fr", f"Zoé {number}")
    accounts.add("z_%@ville.fr", "Alix")
    assert [each.name for each in accounts.list_members("EXEMPLE", 1, 1)] == ["Zoé 1"]
    assert accounts.count("zoé") == 3
    assert [each.name for each in accounts.list_members("%")] == ["Alix"], "a sign of patterns is a letter like another"


def test_a_list_of_addresses_is_read_whatever_its_columns() -> None:
    table = "Nom;Prénom;Courriel\nDurand;Zoé;zoe@exemple.fr\n;;\nMartin;;m@exemple.fr\n".encode("cp1252")
    assert read_address_list(table) == [("zoe@exemple.fr", "Zoé Durand"), ("m@exemple.fr", " Martin")]
    assert read_address_list(b"\xef\xbb\xbfa@b.fr\r\nb@c.fr") == [("a@b.fr", ""), ("b@c.fr", "")]
    assert read_address_list(b"") == []


def test_a_list_is_added_but_what_is_there_and_what_is_no_address(accounts: MemberAccounts) -> None:
    accounts.add("a@b.fr", "Alix")
    rows = [("A@b.fr", "Autre"), ("c@d.fr", "Zoé"), ("pas@une adresse", "")]
    assert add_many(accounts, rows) == (1, 1, ["pas@une adresse"])
    assert [each.name for each in accounts.list_members()] == ["Alix", "Zoé"]


# --- vouched for by a host site or a provider ---


def test_a_token_vouches_for_someone_once(sites: VouchingSites) -> None:
    token = vouch_token(US)
    vouched = sites.accept(token, HOST)
    assert (vouched.site, vouched.subject, vouched.name) == (HOST, "1234", "Alix")
    with pytest.raises(TokenRefused, match="déjà servi"):
        sites.accept(token, HOST)


def encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


NOW = int(time.time())
REFUSED = {
    "forged": vouch_token(US, OctKey.import_key("une autre clé de trente-deux caractères !!")),
    "expired": vouch_token(US, exp=NOW - 120),
    "too-long-lived": vouch_token(US, exp=NOW + 3600),
    "without-end": vouch_token(US, exp=None),
    "not-yet": vouch_token(US, nbf=NOW + 600),
    "other-audience": vouch_token("https://ailleurs.fr"),
    "without-audience": vouch_token(US, aud=None),
    "other-issuer": vouch_token(US, iss="https://ailleurs.fr"),
    "without-number": vouch_token(US, jti=None),
    "empty-subject": vouch_token(US, sub=" "),
    "number-as-subject": vouch_token(US, sub=12),
    "long-subject": vouch_token(US, sub="x" * 201),
    "too-long": vouch_token(US, name="x" * 5000),
    "no-signature": "eyJhbGciOiJub25lIn0." + vouch_token(US).split(".")[1] + ".",
    "endless": vouch_token(US, exp=10**400),
    "until-no-number": vouch_token(US, exp=math.nan),
    "NUL-in-subject": vouch_token(US, sub="a\0b"),
    "half-a-character-in-subject": vouch_token(US, sub="\ud800"),
    "half-a-character-in-number": vouch_token(US, jti="\ud800"),
    "NUL-in-name": vouch_token(US, name="a\0b"),
    "half-a-character-in-name": vouch_token(US, name="\ud800"),
    "deep": encode(b'{"alg":' + b"[" * 2900) + ".e30.x",
    "no-token": "x",
    "nothing": "",
    "json-in-place-of-a-token": '{"sub": "1234"}',
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_token_that_proves_nothing_is_refused(case: str, sites: VouchingSites) -> None:
    with pytest.raises(TokenRefused):
        sites.accept(REFUSED[case], HOST)


def test_a_token_of_one_site_is_nothing_on_another(database: Engine) -> None:
    sites = VouchingSites(database, {HOST: SECRET, "https://autre.fr": SECRET}, US)
    with pytest.raises(TokenRefused):
        sites.accept(vouch_token(US), "https://autre.fr")
    with pytest.raises(TokenRefused, match="Ce site"):
        sites.accept(vouch_token(US), "https://inconnu.fr")


@pytest.mark.parametrize(("algorithm", "file"), [("RS256", "key.pem"), ("ES256", "key.pem"), ("ES256", "keys.json")])
def test_a_site_may_sign_with_a_private_key(algorithm: str, file: str, database: Engine, tmp_path: Path) -> None:
    key = RSAKey.generate_key(2048) if algorithm == "RS256" else ECKey.generate_key("P-256")
    path = tmp_path / file
    if file.endswith(".json"):
        path.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    else:
        path.write_bytes(key.as_pem(private=False))
    sites = VouchingSites(database, {HOST: str(path)}, US)
    assert sites.accept(vouch_token(US, key, algorithm), HOST).subject == "1234"  # type: ignore[arg-type]
    claims = vouch_token(US).split(".")[1]
    head = encode(b'{"alg":"HS256"}')
    for secret in (path.read_bytes(), path.read_bytes().strip()):  # public keys taken for a secret: the oldest trick
        signature = encode(hmac.digest(secret, f"{head}.{claims}".encode(), "sha256"))
        with pytest.raises(TokenRefused):
            sites.accept(f"{head}.{claims}.{signature}", HOST)


def test_the_examples_of_the_guide_make_tokens_that_are_accepted(database: Engine) -> None:
    guide = (ROOT / "docs" / "fr" / "adherents.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)[0]
    names: dict[str, Any] = {}
    exec(code, names)
    sites = VouchingSites(database, {HOST: SECRET}, "https://assistant.exemple.fr")
    assert sites.accept(names["make_token"]("77", "Zoé", SECRET), HOST).name == "Zoé"


def test_whom_a_site_vouches_for_has_one_account_which_staff_may_revoke(accounts: MemberAccounts) -> None:
    member = accounts.admit(HOST, "1234", "Alix")
    assert member is not None
    assert (member.email, member.name, member.origin) == (None, "Alix", HOST)
    assert accounts.admit(HOST, "1234", "Alix") == member
    other = accounts.admit("https://autre.fr", "1234")
    assert other is not None
    assert other.id != member.id
    accounts.revoke(member.id)
    assert accounts.admit(HOST, "1234", "Alix") is None


def test_a_verified_address_leads_to_the_account_that_staff_made(accounts: MemberAccounts) -> None:
    made = accounts.add("camille@exemple.fr")
    found = accounts.admit("https://idp.fr", "77", "Camille", "Camille@exemple.fr")
    assert found is not None
    assert found.id == made.id
    accounts.revoke(made.id)
    assert accounts.admit("https://idp.fr", "77") is None
    assert accounts.admit("https://idp.fr", "78", "", "camille@exemple.fr") is None


# --- settings ---

PUBLIC_KEY = RSAKey.generate_key(2048).as_pem(private=False).decode()


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"member_sites": {HOST: SecretStr("court")}, "public_url": US}, SitesWrong, "32"),
        ({"member_sites": {HOST: SecretStr(SECRET)}}, SitesWrong, "ASSISTANT_PUBLIC_URL"),
        ({"member_sites": {f"{HOST}/page": SecretStr(SECRET)}, "public_url": US}, SitesWrong, "origine"),
        ({"member_sites": {HOST: SecretStr(PUBLIC_KEY)}, "public_url": US}, SitesWrong, "fichier"),
        ({"member_sites": {HOST: SecretStr("/nulle/part.pem")}, "public_url": US}, SitesWrong, "ne se lit pas"),
        ({"smtp_url": SecretStr("smtp://serveur"), "public_url": ""}, MailWrong, "ASSISTANT_PUBLIC_URL"),
        ({"smtp_url": SecretStr("serveur:25"), "public_url": US}, MailWrong, "smtp://"),
        ({"oidc_issuer": "https://idp.fr", "public_url": US}, ProviderWrong, "ASSISTANT_OIDC_CLIENT_ID"),
        (
            {"oidc_issuer": "https://idp.fr", "oidc_client_id": "x", "oidc_claim": "groupe", "public_url": US},
            *(ProviderWrong, "nom=valeur"),
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_with_its_remedy(
    settings: dict[str, object], error: type[Refusal], says: str, tmp_path: Path
) -> None:
    from assistant.store.database import open_database

    with pytest.raises(error, match=says):
        open_membership(Settings(**settings), open_database(f"sqlite:///{tmp_path / 'a.db'}"))  # type: ignore[arg-type]


# --- command line ---


def run_members(data_dir: Path, *arguments: str, stdin: str = "") -> tuple[int, str, str]:
    result = run_assistant("members", *arguments, stdin=stdin, ASSISTANT_DATA_DIR=str(data_dir))
    return result.returncode, result.stdout, result.stderr


def test_members_are_managed_from_the_command_line(tmp_path: Path) -> None:
    code, out, _ = run_members(
        *(tmp_path, "add", "Camille@exemple.fr", "--name", "Camille", "--password-stdin", "--json"),
        stdin=f"{PASSWORD}\n",
    )
    assert code == 0
    assert json.loads(out)["member"]["email"] == "camille@exemple.fr"
    assert run_members(tmp_path, "add", "camille@exemple.fr", "--no-password")[0] == 2
    assert run_members(tmp_path, "add", "alix@exemple.fr", "--password-stdin", stdin="\n")[0] == 2
    assert run_members(tmp_path, "revoke", "camille@exemple.fr")[:2] == (0, "Compte camille@exemple.fr suspendu.\n")
    (member,) = json.loads(run_members(tmp_path, "list", "--json")[1])["members"]
    assert set(member) == {"id", "email", "name", "origin", "created", "last_seen", "revoked"}
    assert member["revoked"]
    assert run_members(tmp_path, "remove", "camille@exemple.fr")[0] == 0
    code, out, error = run_members(tmp_path, "remove", "camille@exemple.fr")
    assert (code, out) == (2, "")
    assert "assistant members list" in error


def test_no_address_is_in_the_log(accounts: MemberAccounts, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    accounts.add("camille@exemple.fr", "Camille", PASSWORD)
    accounts.check("camille@exemple.fr", "faux")
    with pytest.raises(MemberWrong) as wrong:
        accounts.add("camille@exemple.fr")
    assert "camille" not in caplog.text + str(wrong.value)


def test_letters_that_look_like_sql_are_letters(accounts: MemberAccounts, database: Engine) -> None:
    accounts.add("a@b.fr")
    attack = "' OR 1=1; DROP TABLE member; --"
    assert accounts.list_members(attack) == []
    assert accounts.check(attack, attack) is None
    assert accounts.find(attack) is None
    with database.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM member")) == 1
