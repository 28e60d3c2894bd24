"""What staff are told though nobody was looking: runs that fail, sources that are not read any more."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from small_mail import MailServer, run_mail_server

from assistant.members.mail import Mailer
from assistant.reindexing.alarms import Alarm, find_alarms
from assistant.reindexing.runs import Run, RunJournal
from assistant.settings import Settings, SettingsWrong, read_settings
from assistant.staff.alarm_mail import AlarmMail

NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)
CREATED = "2026-03-01T08:00:00Z"
ALARM = Alarm(kind="sources", text="La réindexation du 9 mars est en échec.", short="", run="20260309-1")


def note(folder: Path, *runs: dict[str, object]) -> RunJournal:
    """A journal with these runs, the oldest first, an hour apart."""
    (folder / "runs").mkdir()
    for number, changes in enumerate(runs):
        time = f"2026-03-09T{number:02}:00:00Z"
        known = {"id": f"20260309-{number}", "trigger": "schedule", "status": "failed", "started": time, "ended": time}
        run = Run.model_validate({**known, "error": "source injoignable.", **changes})
        (folder / "runs" / f"{run.id}.json").write_text(run.model_dump_json(), encoding="utf-8")
    return RunJournal(folder)


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        pytest.param([{}], "20260309-0", id="a-scheduled-one-fails"),
        pytest.param([{"trigger": "webhook", "status": "refused"}], "20260309-0", id="a-push-is-refused"),
        pytest.param([{}, {}], "20260309-1", id="the-last-one-is-told"),
        pytest.param([{"status": "running", "ended": ""}], "20260309-0", id="one-was-killed"),
        pytest.param([{}, {"trigger": "admin"}], "20260309-0", id="staff-fail-too"),
        pytest.param([{}, {"status": "tried", "dry_run": True}], "20260309-0", id="trying-mends-nothing"),
        pytest.param([{"trigger": "admin"}], "", id="staff-saw-it"),
        pytest.param([{}, {"trigger": "admin", "status": "done"}], "", id="staff-mended-it"),
        pytest.param([{}, {"status": "unchanged"}], "", id="the-next-one-succeeds"),
        pytest.param([], "", id="no-run-yet"),
    ],
)
def test_a_failure_that_nobody_saw_is_told_until_a_run_succeeds(
    runs: list[dict[str, object]], told: str, tmp_path: Path
) -> None:
    alarms = find_alarms(note(tmp_path, *runs), CREATED, None, NOW)
    assert [alarm.run for alarm in alarms] == [told] * bool(told)


@pytest.mark.parametrize(
    ("runs", "oldest", "is_told"),
    [
        pytest.param([], timedelta(days=10), False, id="young"),
        pytest.param([], timedelta(days=8), True, id="old"),
        pytest.param([], None, False, id="not-asked"),
        pytest.param([{"status": "unchanged"}], timedelta(days=8), False, id="read-again-and-unchanged"),
        pytest.param([{"trigger": "admin"}], timedelta(days=8), True, id="a-failure-reads-nothing"),
    ],
)
def test_sources_that_were_not_read_for_long_are_told(
    runs: list[dict[str, object]], oldest: timedelta | None, is_told: bool, tmp_path: Path
) -> None:
    alarms = find_alarms(note(tmp_path, *runs), CREATED, oldest, NOW)
    assert [alarm.kind for alarm in alarms] == ["age"] * is_told
    assert not is_told or "depuis le 1er mars 2026" in alarms[0].text


def make_mail(server: MailServer, alarms: list[Alarm]) -> AlarmMail:
    mailer = Mailer("127.0.0.1", server.port, False, "", "", "assistant@example.org", "Centre")
    return AlarmMail(lambda: alarms, mailer, ("equipe@example.org",), "https://assistant.example.org")


def test_an_alarm_is_sent_once_while_it_lasts_and_again_when_it_comes_back(tmp_path: Path) -> None:
    told = tmp_path / "alarms.json"
    with run_mail_server() as server:
        alarms = [ALARM]
        mail = make_mail(server, alarms)
        mail.tell(told)
        mail.tell(told)
        (message,) = server.messages
        assert (message["To"], message["Subject"]) == (
            "equipe@example.org",
            "L'assistant demande votre attention – Centre",
        )
        assert ALARM.text in message.get_content()  # type: ignore[attr-defined]
        assert "https://assistant.example.org/admin/reindexations/20260309-1" in message.get_content()  # type: ignore[attr-defined]
        alarms.clear()
        mail.tell(told)
        assert json.loads(told.read_text()) == []
        alarms.append(ALARM)
        mail.tell(told)
        assert len(server.messages) == 2


def test_an_alarm_that_the_mail_server_did_not_take_is_sent_later(tmp_path: Path) -> None:
    told = tmp_path / "alarms.json"
    with run_mail_server() as server:
        port = server.port
        mail = make_mail(server, [ALARM])
    mail.tell(told)
    assert (port, told.read_text()) == (server.port, "")
    with run_mail_server() as server:
        make_mail(server, [ALARM]).tell(told)
        assert len(server.messages) == 1


def test_a_server_looks_by_itself(tmp_path: Path) -> None:
    with run_mail_server() as server, make_mail(server, [ALARM]).running(tmp_path / "alarms.json", every=0.05):
        assert ALARM.text in server.wait().get_content()  # type: ignore[attr-defined]


def test_addresses_of_staff_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_ALERT_MAIL", "a@example.org, b@example.org")
    assert Settings().alert_mail == ("a@example.org", "b@example.org")
    monkeypatch.setenv("ASSISTANT_ALERT_MAIL", "a@example.org, personne")
    with pytest.raises(SettingsWrong, match="'personne' n'est pas une adresse"):
        read_settings()
