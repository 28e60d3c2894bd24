"""Staff accounts, their command line, and the sessions of those who sign in."""

import asyncio
import contextlib
import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr

from assistant.credentials.signatures import SecretWrong, read_secret
from assistant.settings import Settings
from assistant.staff.accounts import StaffAccounts, StaffWrong
from assistant.web.admin.session import Sessions
from assistant.web.sign_in.limit import SignInLimit
from assistant.web.sign_in.password_checks import PasswordChecks, TooManyChecks
from ingest.refusal import Refusal

PASSWORD = "quatre mots sans lien"


@pytest.fixture
def accounts(tmp_path: Path) -> StaffAccounts:
    made = StaffAccounts(tmp_path)
    made.add("Camille", PASSWORD)
    return made


@pytest.fixture
def sessions(accounts: StaffAccounts) -> Sessions:
    return Sessions("une clé de signature", accounts)


def run_staff(*arguments: str, stdin: str = "", data_dir: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from assistant.cli.staff import staff; staff()", *arguments]
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(data_dir)}
    return subprocess.run(command, check=False, input=stdin, capture_output=True, text=True, env=environment)


def test_a_password_is_kept_as_an_argon2_hash_that_only_its_owner_reads(
    accounts: StaffAccounts, tmp_path: Path
) -> None:
    file = tmp_path / "staff.json"
    kept = json.loads(file.read_text())
    assert list(kept) == ["camille"]
    assert kept["camille"].startswith("$argon2id$")
    assert PASSWORD not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert accounts.list_names() == ["camille"]


@pytest.mark.parametrize("name", ["camille", "Camille", " CAMILLE "])
def test_a_name_is_known_whatever_its_case(name: str, accounts: StaffAccounts) -> None:
    assert accounts.check(name, PASSWORD) == "camille"


def test_accents_typed_on_another_keyboard_are_the_same(accounts: StaffAccounts) -> None:
    accounts.add("zoé", "un été très très chaud")
    assert accounts.check("zoe\u0301", "un e\u0301te\u0301 tre\u0300s tre\u0300s chaud") == "zoé"


@pytest.mark.parametrize(
    ("name", "password"),
    [("camille", "quatre mots sans lie"), ("camille", ""), ("dominique", PASSWORD), ("", PASSWORD)],
)
def test_a_wrong_name_or_password_is_nobody(name: str, password: str, accounts: StaffAccounts) -> None:
    assert accounts.check(name, password) is None


def test_an_unknown_name_costs_as_much_time_as_a_known_one(accounts: StaffAccounts) -> None:
    def measure(name: str) -> float:
        times = []
        for _ in range(4):
            start = time.perf_counter()
            accounts.check(name, "un mot de passe faux")
            times.append(time.perf_counter() - start)
        return min(times)

    measure("camille")
    assert measure("inconnu") > 0.5 * measure("camille")


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("camille", PASSWORD, "existe déjà"),
        ("deux mots", PASSWORD, "sans espace"),
        ("", PASSWORD, "impossible"),
        ("x" * 65, PASSWORD, "64"),
        ("alix", "onze lettre", "au moins 12"),
        ("alix", "x" * 1001, "1000 au plus"),
    ],
)
def test_an_account_that_cannot_be_made_is_refused_with_its_reason(
    name: str, password: str, says: str, accounts: StaffAccounts
) -> None:
    with pytest.raises(Refusal, match=says):
        accounts.add(name, password)
    assert accounts.list_names() == ["camille"]


def test_a_removed_account_opens_nothing(accounts: StaffAccounts) -> None:
    accounts.remove("Camille")
    assert accounts.check("camille", PASSWORD) is None
    with pytest.raises(StaffWrong, match="Comptes : aucun"):
        accounts.remove("camille")


def test_a_hash_made_with_weaker_parameters_is_made_anew_at_sign_in(accounts: StaffAccounts, tmp_path: Path) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    (tmp_path / "staff.json").write_text(json.dumps({"camille": weak}))
    assert accounts.check("camille", PASSWORD) == "camille"
    kept = json.loads((tmp_path / "staff.json").read_text())["camille"]
    assert kept != weak
    assert not PasswordHasher().check_needs_rehash(kept)


def test_a_spoilt_file_of_accounts_is_said_and_opens_nothing(accounts: StaffAccounts, tmp_path: Path) -> None:
    (tmp_path / "staff.json").write_text('{"camille": 12')
    with pytest.raises(StaffWrong, match="ne se lit pas"):
        accounts.check("camille", PASSWORD)


def test_accounts_are_added_listed_and_removed_from_a_terminal(tmp_path: Path) -> None:
    added = run_staff("add", "Camille", "--password-stdin", stdin=f"{PASSWORD}\n", data_dir=tmp_path)
    assert added.returncode == 0, added.stderr
    assert "camille" in added.stdout
    assert StaffAccounts(tmp_path).check("camille", PASSWORD) == "camille"
    assert run_staff("list", data_dir=tmp_path).stdout == "camille\n"
    assert json.loads(run_staff("list", "--json", data_dir=tmp_path).stdout) == {"staff": ["camille"]}
    assert run_staff("remove", "camille", data_dir=tmp_path).returncode == 0
    assert "Aucun compte" in run_staff("list", data_dir=tmp_path).stdout


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (("add", "alix", "--password-stdin"), "court\n", "au moins 12"),
        (("add", "alix", "--password-stdin"), "", "au moins 12"),
        (("add", "alix"), "", "--password-stdin"),
        (("remove", "alix"), "", "pas de compte"),
    ],
)
def test_a_wrong_command_ends_with_one_clear_sentence(
    arguments: tuple[str, ...], stdin: str, says: str, tmp_path: Path
) -> None:
    result = run_staff(*arguments, stdin=stdin, data_dir=tmp_path)
    assert result.returncode == 2
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_a_password_typed_on_a_terminal_is_asked_twice_and_never_shown(tmp_path: Path) -> None:
    import pty

    def type_passwords(*words: str) -> str:
        child, terminal = pty.fork()
        if child == 0:
            os.environ["ASSISTANT_DATA_DIR"] = str(tmp_path)
            code = "from assistant.cli.staff import staff; staff()"
            os.execv(sys.executable, [sys.executable, "-c", code, "add", "alix"])
        shown = b""
        for word, prompt in zip(words, (b"passe: ", b"fois: "), strict=True):
            while not shown.endswith(prompt):
                shown += os.read(terminal, 1000)
            os.write(terminal, f"{word}\n".encode())
        with contextlib.suppress(OSError):  # the terminal closes with the program
            while piece := os.read(terminal, 1000):
                shown += piece
        os.waitpid(child, 0)
        return shown.decode()

    assert "pas les mêmes" in type_passwords(PASSWORD, "une autre phrase entière")
    assert StaffAccounts(tmp_path).list_names() == []
    shown = type_passwords(PASSWORD, PASSWORD)
    assert "Compte alix ajouté" in shown
    assert PASSWORD not in shown


def test_a_session_is_found_by_its_sealed_cookie_alone(sessions: Sessions) -> None:
    session = sessions.open("camille")
    cookie = sessions.seal(session.id)
    assert sessions.find(cookie) is session
    assert sessions.find(session.id) is None
    # Not its last letter: some of the bits of that one stand for nothing.
    body, _, signature = cookie.rpartition(".")
    assert sessions.find(f"{body}.{'b' if signature[0] == 'a' else 'a'}{signature[1:]}") is None
    assert sessions.find("") is None


def test_a_cookie_sealed_with_another_key_opens_nothing(sessions: Sessions, accounts: StaffAccounts) -> None:
    session = sessions.open("camille")
    assert sessions.find(Sessions("une autre clé", accounts).seal(session.id)) is None


def test_a_session_that_was_closed_is_worth_nothing(sessions: Sessions) -> None:
    session = sessions.open("camille")
    sessions.close(session)
    assert sessions.find(sessions.seal(session.id)) is None


def test_a_session_ends_with_its_account_or_its_password(sessions: Sessions, accounts: StaffAccounts) -> None:
    cookie = sessions.seal(sessions.open("camille").id)
    accounts.remove("camille")
    assert sessions.find(cookie) is None
    accounts.add("camille", "une tout autre phrase")
    assert sessions.find(cookie) is None


def test_a_session_ends_after_its_time(sessions: Sessions) -> None:
    session = sessions.open("camille")
    session.ends = time.monotonic() - 1
    assert sessions.find(sessions.seal(session.id)) is None


def test_the_token_of_a_form_is_its_sessions_own(sessions: Sessions) -> None:
    mine, other = sessions.open("camille"), sessions.open("camille")
    assert sessions.is_token(sessions.make_token(mine.id), mine.id)
    assert not sessions.is_token(sessions.make_token(other.id), mine.id)
    assert not sessions.is_token("é", mine.id)
    assert not sessions.is_token(sessions.make_token(""), "")


class Clock:
    """The seconds that the limit counts, which a test passes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)

    def fail(self, limit: SignInLimit, name: str, address: str, times: int) -> list[int]:
        """Try so many times as soon as one may; the waits in between."""
        waits = []
        for _ in range(times):
            while wait := limit.take(name, address):
                waits.append(wait)
                self.now += wait
        return waits


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_failures_of_a_name_from_an_address_wait_longer_and_longer(clock: Clock) -> None:
    limit = SignInLimit()
    assert clock.fail(limit, "Camille", "192.0.2.1", 10) == [2, 4, 8, 16, 32, 60, 60]
    assert limit.take(" camille", "192.0.2.1") == 60
    clock.now += 900
    assert limit.take("camille", "192.0.2.1") == 0, "old failures count no more"


@pytest.mark.usefixtures("clock")
def test_many_tries_at_once_wait_as_those_one_after_the_other() -> None:
    limit = SignInLimit()
    assert [limit.take("camille", "192.0.2.1") for _ in range(6)] == [0, 0, 0, 2, 2, 2]


@pytest.mark.usefixtures("clock")
def test_failures_of_an_address_wait_whatever_the_names() -> None:
    limit = SignInLimit()
    waits = [limit.take(f"nom{number}", "2001:db8::1") for number in range(11)]
    assert waits == [0] * 10 + [2]
    assert limit.take("alix", "2001:db8::2"), "its neighbours are in the same hands"
    assert not limit.take("alix", "2001:db8:1::1")
    assert not limit.take("alix", "::ffff:192.0.2.7")
    for number in range(10):
        limit.take(f"nom{number}", f"::ffff:192.0.2.{100 + number}")
    assert not limit.take("dominique", "::ffff:192.0.2.200"), "addresses that stand for IPv4 are no neighbours"


def test_whoever_fails_for_a_name_from_everywhere_makes_its_owner_wait_half_a_minute_at_most(clock: Clock) -> None:
    limit = SignInLimit()
    limit.take("camille", "198.51.100.1")
    limit.forget("camille", "198.51.100.1")
    for number in range(5_000):
        limit.take("camille", f"10.0.{number // 250}.{number % 250}")
        if not number % 100:
            clock.now += 1
    assert limit.take("camille", "198.51.100.1") == 0, "it signed in here before"
    wait = limit.take("camille", "203.0.113.7")
    assert 0 < wait <= 30, "it never did here"
    assert limit.take("alix", "203.0.113.8") == 0
    clock.now += wait
    assert limit.take("camille", "10.99.0.1") > 0, "the others go on"
    assert limit.take("camille", "203.0.113.7") == 0, "and the right password is taken after one wait"


def test_a_name_that_nobody_has_waits_as_one_that_someone_has(clock: Clock) -> None:
    limit = SignInLimit()
    assert clock.fail(limit, "camille", "192.0.2.1", 6) == clock.fail(limit, "personne", "192.0.2.2", 6)


def test_a_right_password_forgets_the_failures_of_its_own_name_alone(clock: Clock) -> None:
    limit = SignInLimit()
    for _ in range(3):
        limit.take("camille", "192.0.2.1")
    limit.forget("camille", "192.0.2.1")
    assert clock.fail(limit, "camille", "192.0.2.1", 3) == []
    waits = []
    for number in range(12):  # who has an account of their own guesses those of others
        waits.append(limit.take(f"nom{number}", "192.0.2.50"))
        if not limit.take("moi", "192.0.2.50"):
            limit.forget("moi", "192.0.2.50")
    assert waits[-1] > 0


@pytest.mark.usefixtures("clock")
def test_what_is_remembered_of_sign_ins_is_bounded() -> None:
    limit = SignInLimit()
    for number in range(25_000):
        limit.take(f"nom{number}", f"10.{number % 250}.{number // 250}.1")
        limit.forget(f"nom{number}", f"10.{number % 250}.{number // 250}.1")
        limit.take(f"nom{number}", f"10.{number % 250}.{number // 250}.1")
    assert max(map(len, (limit._trusted, limit._pairs._tries, limit._names._tries, limit._addresses._tries))) <= 20_000


def test_passwords_are_checked_one_at_a_time_and_few_wait() -> None:
    checks, at_once, most = PasswordChecks(), 0, 0

    def work() -> bool:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.01)
        at_once -= 1
        return True

    async def crowd() -> list[object]:
        return await asyncio.gather(*(checks.run(work) for _ in range(100)), return_exceptions=True)

    told = asyncio.run(crowd())
    assert most == 1
    assert told.count(True) == 16
    assert sum(isinstance(each, TooManyChecks) for each in told) == 84
    assert not checks.is_full()


def test_the_key_of_signatures_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    key = read_secret(settings)
    assert len(key) >= 40
    assert read_secret(settings) == key
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]
    chosen = Settings(data_dir=tmp_path, secret=SecretStr("une clé choisie à la main"))
    assert read_secret(chosen) == "une clé choisie à la main"


def test_a_kept_key_that_is_spoilt_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("")
    with pytest.raises(SecretWrong, match="Supprimez-le"):
        read_secret(Settings(data_dir=tmp_path))
