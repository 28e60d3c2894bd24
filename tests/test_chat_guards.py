"""What a page sends cannot lead Chainlit out of the chat's folder, nor into another reader's conversation."""

import asyncio
import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import socketio
from chat_client import ChatClient
from conftest import our_environment, wait_until
from hostile_ids import aimed_ids, snapshot
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from members_site import MembersSite
from socketio.exceptions import ConnectionError as NotConnected

from assistant.edge.authentication import COOKIE
from assistant.settings import ROOT

RUNS = int(os.environ.get("FUZZ_RUNS", "60"))  # 10 000 were run once: see docs/chainlit.md
MARK = "secretdelapersonne"
QUESTION = "Comment tirer des habitants au sort ?"
hostile = settings(
    max_examples=RUNS,
    deadline=None,
    derandomize=RUNS <= 60,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@pytest.fixture
def canary(server_data_dir: Path) -> Iterator[Path]:
    """A folder among the data of the server, as the index is."""
    folder = server_data_dir / "canari"
    (folder / "dessous").mkdir(parents=True)
    (folder / "dessous" / "fichier").write_text("ne pas effacer")
    yield folder
    for path in (folder / "dessous" / "fichier", folder / "dessous", folder):
        path.unlink() if path.is_file() else path.rmdir()


async def connect(url: str, auth: object, *events: tuple[object, ...], headers: dict[str, str] | None = None) -> bool:
    """Whether a conversation opened; these events are sent in it before it ends."""
    client = socketio.AsyncClient(reconnection=False)
    sent = {"Origin": url, **(headers or {})}
    place = {"transports": ["websocket"], "socketio_path": "/chat/ws/socket.io"}
    try:
        await client.connect(url, headers=sent, auth=auth, **place)  # type: ignore[arg-type]
    except NotConnected:
        return False
    for event in events:
        await client.emit(str(event[0]), event[1:] if len(event) > 1 else None)
    await asyncio.sleep(0.02)
    await client.disconnect()
    return True


def opening(session: object, **others: object) -> dict[str, object]:
    return {"clientType": "webapp", "sessionId": session, "threadId": "", "userEnv": "{}", "chatProfile": "", **others}


def post(server: str, path: str, content: object, method: str = "POST", **headers: str) -> httpx.Response:
    """A request whose JSON may hold what no text may: halves of characters."""
    sent = {"Content-Type": "application/json", **headers}
    return httpx.request(method, f"{server}{path}", content=json.dumps(content), headers=sent, timeout=30)


# --- ids ---


def test_the_folder_named_as_a_session_stays(server: str, canary: Path) -> None:
    before = snapshot(canary)
    names = [str(canary), f"/proc/self/root{canary}", f"{canary}/", "../" * 12 + str(canary)[1:]]
    opened = [
        asyncio.run(connect(server, opening(name), ("connection_successful",), ("clear_session",))) for name in names
    ]
    assert snapshot(canary) == before
    assert opened == [False] * len(names)


def test_hostile_ids_touch_nothing_and_open_nothing(server: str, canary: Path) -> None:
    before, opened = snapshot(canary), []

    @hostile
    @given(aimed_ids(canary), st.sampled_from(["sessionId", "threadId", "sessions", "elements", "files", "messages"]))
    def attack(name: object, where: str) -> None:
        if where in ("sessionId", "threadId"):
            auth = {**opening(str(uuid4())), where: name}
            went = asyncio.run(connect(server, auth, ("connection_successful",), ("clear_session",)))
            if went and not (where == "threadId" and name in ("", None)):
                opened.append((where, name))
        elif where == "messages":
            message = {"id": name, "output": MARK, "type": "user_message", "createdAt": ""}
            asyncio.run(connect(server, opening(str(uuid4())), ("client_message", {"message": message})))
        else:
            answer = _name_over_http(server, where, name)
            assert 400 <= answer.status_code < 500, (where, name, answer.status_code)

    attack()
    assert opened == []
    assert snapshot(canary) == before


def _name_over_http(server: str, where: str, name: object) -> httpx.Response:
    if where == "sessions":
        return post(server, "/chat/project/action", {"sessionId": name, "action": {"name": "judge", "payload": {}}})
    if where == "elements":
        element = {"id": name, "type": "custom", "name": name, "display": "inline", "props": {"a": 1}, "forId": name}
        return post(server, "/chat/project/element", {"sessionId": name, "element": element}, method="PUT")
    spelt = httpx.QueryParams({"session_id": re.sub("[\ud800-\udfff]", "?", str(name))})
    return httpx.get(f"{server}/chat/project/file/{uuid4()}?{spelt}", timeout=30)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What hostile_sessions.py says of Chainlit in a process of its own."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "canari").mkdir()
    command = [sys.executable, str(ROOT / "tests" / "hostile_sessions.py"), str(folder / "root")]
    ours = our_environment(PYTHONPATH=str(ROOT / "tests"))
    command += [str(folder / "canari"), str(RUNS)]
    done = subprocess.run(command, check=False, cwd=folder, env=ours, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told | {"root": folder / "root"}


def test_hostile_names_open_nothing_and_touch_nothing_even_past_the_guards(guarded: dict[str, object]) -> None:
    assert (guarded["opened"], guarded["touched"]) == ([], [])


def test_every_route_and_event_of_chainlit_that_remains_is_known(guarded: dict[str, object]) -> None:
    assert guarded["routes"] == [
        " /ws/socket.io",
        "GET /auth/config",
        "GET /avatars/{avatar_id:str}",
        "GET /favicon",
        "GET /logo",
        "GET /project/settings",
        "GET /project/translations",
        "GET /user",
        "HEAD /",
    ]
    of_pages = ["clear_session", "client_message", "connection_successful", "edit_message", "stop", "window_message"]
    assert guarded["events"] == sorted([*of_pages, "connect", "disconnect"])


def test_source_maps_and_what_is_not_used_are_not_served(server: str) -> None:
    page = httpx.get(f"{server}/chat/", timeout=30).text
    bundle = re.search(r"/chat/assets/index-[\w-]+\.js", page)
    assert bundle
    assert httpx.get(f"{server}{bundle[0]}", timeout=30).status_code == 200
    unused = [f"{bundle[0]}.map", "/chat/copilot/index.js", "/chat/copilot/", "/chat/health", "/chat/thread/1"]
    for path in [*unused, "/chat/docs", "/chat/openapi.json", f"/chat/project/file/{uuid4()}?session_id={uuid4()}"]:
        answer = httpx.get(f"{server}{path}", timeout=30)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path


# --- the chat's files ---


def test_nobody_else_may_read_the_chats_folder(guarded: dict[str, object]) -> None:
    root = Path(str(guarded["root"]))
    modes = {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (root, *root.rglob("*"))}
    assert modes == {0}


_LIVE = "from assistant.chat.folder import make_folder; print(make_folder(), flush=True); input()"


def test_the_folder_of_a_killed_server_is_removed_by_the_next_one_and_no_other(tmp_path: Path) -> None:
    ours = our_environment(TMPDIR=str(tmp_path))

    def start() -> tuple[subprocess.Popen[str], Path]:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        process = subprocess.Popen([sys.executable, "-P", "-c", _LIVE], env=ours, text=True, **pipes)  # type: ignore[call-overload]
        assert process.stdout
        return process, Path(process.stdout.readline().strip())

    (killed, left), (living, kept) = start(), start()
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert left.is_dir(), "it is left by who was killed"
    last, made = start()
    assert not left.exists()
    assert kept.is_dir()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (made, made.parent)} == {0o700}
    for process in (living, last):
        process.communicate("\n")
    assert not kept.exists()
    assert not made.exists()


def test_a_folder_that_someone_else_could_have_made_is_not_used(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / f"assistant-chat-{os.getuid()}").symlink_to(elsewhere)
    ours = our_environment(TMPDIR=str(tmp_path))
    command = [sys.executable, "-P", "-c", _LIVE]
    done = subprocess.run(command, check=False, env=ours, input="\n", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert list(elsewhere.iterdir()) == []


# --- whose conversation it is ---


def test_a_members_conversation_goes_on_from_the_members_browser_only(members_site: MembersSite) -> None:
    member, other = members_site.add_member(), members_site.add_member("Dominique")
    with members_site.signed_in(member) as own, members_site.signed_in(other) as others:
        cookie, stranger = (f"{COOKIE}={client.cookies[COOKIE]}" for client in (own, others))
        asyncio.run(_intrude(members_site, member.id, cookie, stranger))


async def _intrude(site: MembersSite, member: str, cookie: str, stranger: str) -> None:
    async with ChatClient(site.url, cookie) as chat:
        said = await chat.ask(QUESTION)
        taken = {"name": "take_away", "payload": {"answer": 1}}
        action = {"sessionId": chat.session, "action": taken}

        def act(headers: dict[str, str]) -> httpx.Response:
            return post(site.url, "/chat/project/action", action, **headers)

        for headers in ({}, {"Cookie": stranger}, {"Cookie": f"{COOKIE}=x"}):
            answer = await asyncio.to_thread(act, headers)
            assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
            assert not await connect(site.url, opening(chat.session), headers=headers)
        assert (await asyncio.to_thread(act, {"Cookie": cookie})).json()["response"]["content"]

        keys = re.findall(r'"chainlitKey": "([^"]+)"', said)
        assert keys
        site.accounts().revoke(member)
        for key in keys[:2]:
            path = f"{site.url}/chat/project/file/{key}?session_id={chat.session}"
            assert (await asyncio.to_thread(httpx.get, path)).status_code == 404
        assert "content" not in (await asyncio.to_thread(act, {})).json()["response"], "all is forgotten"


# --- bad actions and events ---


@pytest.fixture
def told(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """What the server's log says of a test, once it is done."""
    assert server
    log = next(path for path in tmp_path_factory.getbasetemp().glob("served*/server.log"))
    start = log.stat().st_size
    lines: list[str] = []
    yield lines
    lines += log.read_text(encoding="utf-8")[start:].splitlines()
    assert not [line for line in lines if "Traceback" in line or MARK in line], lines


@pytest.mark.usefixtures("told")
def test_an_action_that_is_none_is_refused_in_words(server: str) -> None:
    asyncio.run(_act_badly(server))


async def _act_badly(server: str) -> None:
    async with ChatClient(server) as chat:
        await chat.ask(QUESTION)
        good = {"name": "take_away", "payload": {"answer": 1}}
        bad_actions = [
            {"name": MARK, "payload": {}},
            {"name": "take_away"},
            {"payload": {"answer": 1}},
            {"name": ["take_away"], "payload": {}},
            *({"name": "take_away", "payload": payload} for payload in (None, [], MARK, {}, {"answer": [MARK]})),
            *({"name": "take_away", "payload": {"answer": each}} for each in ({MARK: 1}, None, "1", 1.5, True)),
            {"name": "judge", "payload": {"answer": [MARK], "value": 1, "comment": MARK}},
            {"name": "open_citation", "payload": {"passage": {"a": MARK}, "quote": MARK}},
            {"name": "remove_filter", "payload": {"turn": MARK, "key": [], "value": {}}},
            {"name": "ask_again", "payload": {"turn": 0, "address": 7}},
            *(None, [], MARK, 7),
        ]
        bad = [{"sessionId": chat.session, "action": action} for action in bad_actions]
        bad += [
            {"sessionId": session, "action": good}
            for session in (None, "", MARK, [], str(uuid4()), chat.session.upper())
        ]
        bad += [None, [], MARK, {}, {"action": good}]
        for content in bad:
            answer = await asyncio.to_thread(post, server, "/chat/project/action", content)
            assert answer.status_code in (404, 422), (content, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert MARK not in answer.text
        for broken in (b"{", b"\xff", b"[" * 50_000):
            headers = {"Content-Type": "application/json"}
            url = f"{server}/chat/project/action"
            answer = await asyncio.to_thread(httpx.post, url, content=broken, headers=headers)
            assert answer.status_code in (400, 422)
        halved = {"name": "open_citation", "payload": {"passage": "\ud800", "quote": "\0\ud800"}}
        told = {"sessionId": chat.session, "action": halved}
        assert (await asyncio.to_thread(post, server, "/chat/project/action", told)).json()["success"]


@pytest.mark.usefixtures("told")
def test_an_event_that_is_none_is_dropped_and_the_conversation_goes_on(server: str) -> None:
    asyncio.run(_tell_badly(server))


async def _tell_badly(server: str) -> None:
    whole = {"id": str(uuid4()), "output": MARK, "type": "user_message", "createdAt": ""}
    events: list[tuple[object, ...]] = [
        *(("client_message", told) for told in (None, [], MARK, {}, {"message": None}, {"message": {"output": MARK}})),
        *(("client_message", {"message": whole | {"id": each}}) for each in (MARK, None, [], str(uuid4()).upper())),
        *(("client_message", {"message": whole | {"output": each}}) for each in (None, [MARK], {"a": MARK})),
        *(("edit_message", told) for told in (None, MARK, {"message": whole}, {"message": whole | {"id": [MARK]}})),
        *(("window_message", told) for told in (None, [MARK], MARK, {"assistant": [MARK]}, {"assistant": "resume"})),
        *(("window_message", {"assistant": "conversation", "id": each}) for each in ("\ud800", "\0", [MARK], {})),
        *(("window_message", {"type": "assistant:key", "key": each}) for each in ("\ud800", "\0", [MARK], None)),
        *((name, MARK, MARK) for name in ("stop", "connection_successful", "fetch_favorites", "audio_start", MARK, "")),
        *((name, {MARK: MARK}) for name in ("chat_settings_change", "chat_settings_edit", "message_favorite")),
        ("audio_chunk", {"isStart": True, "mimeType": MARK, "elapsedTime": 0, "data": b"a"}),
        ("clear_session", MARK),
        ("connect", {"HTTP_COOKIE": MARK}, opening(MARK)),
        ("disconnect", MARK),
    ]
    async with ChatClient(server) as chat:
        for event in events:
            await chat._socket.emit(str(event[0]), event[1:])
        assert '"nb_' not in await chat.ask(QUESTION)
        assert "new_message" in await chat.ask(QUESTION)


@pytest.mark.usefixtures("told")
def test_an_opening_or_a_packet_that_is_none_is_refused(server: str) -> None:
    session = str(uuid4())
    bad: list[object] = [None, [], MARK, 7, {}, {"sessionId": session}, opening(session, clientType="copilot")]
    bad += [opening(session, userEnv=each) for each in (MARK, "[]", '{"site": 1}', "[" * 3_000, "{" * 9_000, 7)]
    bad += [opening(session, chatProfile=each) for each in (MARK, 7, [])]
    assert [auth for auth in bad if asyncio.run(connect(server, auth))] == []
    for packet in (
        "42[",
        "42[]",
        f'42["{MARK}"',
        "42" + "[" * 50_000,
        '42[["a"]]',
        "4",
        "49",
        '450["a"]',
        f"40{{{MARK}",
    ):
        asyncio.run(_send_packet(server, packet))
    wait_until(lambda: httpx.get(f"{server}/healthz", timeout=30).status_code == 200, "the server is gone")


async def _send_packet(server: str, packet: str) -> None:
    import aiohttp

    place = f"{server.replace('http', 'ws')}/chat/ws/socket.io/?EIO=4&transport=websocket"
    async with aiohttp.ClientSession() as web, web.ws_connect(place, headers={"Origin": server}) as socket:
        await socket.receive()
        await socket.send_str("40" + json.dumps(opening(str(uuid4()))))
        await socket.receive()
        await socket.send_str(packet)
        await asyncio.sleep(0.05)
