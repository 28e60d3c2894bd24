"""The widget in a real browser, on a page of another origin, before a real server over the project's own sheets."""

import gzip
import json
import re
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from accessibility import find_faults
from conftest import DESKTOP, PHONE, WHOLE_CHROMIUM, free_port, lend_page, make_data_dir, start_server
from joserfc.jwk import OctKey
from members_site import SECRET, vouch_token
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FrameLocator,
    Locator,
    Page,
    Request,
    Route,
    expect,
)
from test_chat import connect

from assistant.settings import ROOT
from assistant.staff.accounts import StaffAccounts
from assistant.widget.color import read_color
from assistant.widget.snippet import Options, policy_lines, write_snippet

GERS = "Combien de personnes ont voté au budget participatif du Gers en 2019 ?"
NAME, PASSWORD = "camille", "quatre mots sans lien"
ANSWERS, QUESTIONS = "[data-step-type=assistant_message]", "[data-step-type=user_message]"
# What the host's page is made of, and policies with nothing but the lines that the guide and /admin/widget give.
STRICT = f"default-src 'none'; {policy_lines('bouton', '{assistant}')}"
STRICT_FRAME = f"default-src 'none'; {policy_lines('cadre', '{assistant}')}"
BARE = "<!doctype html><html lang='fr'><head><title>Un site</title></head><body><h1>Un site</h1>{}</body></html>"
SCRIPT = "<script src='{assistant}/widget.js' {} defer></script>"


@dataclass
class Host:
    """A site that shows the widget: pages by path, each with its policy, under several names of this machine."""

    port: int
    assistant: str
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)

    def put(self, path: str, body: str, policy: str = "") -> str:
        """Serve a page, and give its address."""
        page = body if body.startswith("<!doctype") else BARE.replace("{}", body)
        self.pages[path] = (page.replace("{assistant}", self.assistant), policy.replace("{assistant}", self.assistant))
        return f"http://localhost:{self.port}{path}"

    def put_button(self, attributes: str = "", policy: str = "", more: str = "") -> str:
        return self.put("/", more + SCRIPT.replace("{}", attributes), policy)


@dataclass
class Assistant:
    """The server, which can be stopped and started again."""

    data_dir: Path
    folder: Path
    port: int
    origins: list[str]
    running: Iterator[str] | None = None

    def start(self) -> str:
        settings = {
            "ASSISTANT_WIDGET_ORIGINS": json.dumps(self.origins),
            "ASSISTANT_PUBLIC_URL": "{url}",
            "ASSISTANT_MEMBER_SITES": json.dumps({self.origins[0]: SECRET}),
        }
        self.running = start_server(self.data_dir, self.folder, self.port, **settings)
        return next(self.running)

    def stop(self) -> None:
        if self.running:
            next(self.running, None)


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    port, assistant = free_port(), free_port()
    site = Host(port, f"http://127.0.0.1:{assistant}")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page, policy = site.pages.get(urlsplit(self.path).path, ("", ""))
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield site
    server.shutdown()


@pytest.fixture(scope="module")
def assistant(host: Host, own_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    data_dir = make_data_dir(tmp_path_factory.mktemp("widget-data"))
    (data_dir / "index").symlink_to(own_data_dir / "index")
    StaffAccounts(data_dir).add(NAME, PASSWORD)
    origins = [f"http://localhost:{host.port}", f"http://mairie.test:{host.port}"]
    server = Assistant(data_dir, tmp_path_factory.mktemp("widget"), int(host.assistant.rsplit(":", 1)[1]), origins)
    server.start()
    yield server
    server.stop()


@dataclass
class Visit:
    """A page of the host, with what the browser asked, to whom, and what its scripts complained of."""

    page: Page
    host: Host
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for event, note in self._notes().items():
            self.page.on(event, note)  # type: ignore[call-overload]

    def leave(self) -> None:
        """Look at the page no longer: another test may have it."""
        for event, note in self._notes().items():
            self.page.remove_listener(event, note)

    def _notes(self) -> dict[str, Callable[[Any], None]]:
        return {
            "request": self._note_request,
            "pageerror": self._note_error,
            "console": self._hear,
            "response": self._weigh,
        }

    def _note_request(self, request: Request) -> None:
        self.asked.append(request.url)

    def _note_error(self, error: Exception) -> None:
        self.errors.append(str(error))

    def _weigh(self, answer: Any) -> None:
        self.sizes[answer.url] = int(answer.headers.get("content-length", 0))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.errors.append(message.text)
        if message.type == "warning" and message.text.startswith("Assistant : "):
            self.warned.append(message.text.removeprefix("Assistant : "))

    def hears_warning(self, said: str) -> None:
        """Wait for a line of the widget in the console."""
        wait_until(self.page, lambda: any(said in text for text in self.warned), f"{said!r} in {self.warned}")

    @property
    def button(self) -> Locator:
        return self.page.get_by_role("button", name="Poser une question")

    @property
    def chat(self) -> FrameLocator:
        return self.page.frame_locator("assistant-participation iframe")

    def go(self, address: str) -> "Visit":
        self.page.goto(address)
        return self

    def open(self) -> "Visit":
        self.button.click()
        return self.wait()

    def wait(self) -> "Visit":
        expect(self.chat.locator("#chat-input")).to_be_visible()
        return self

    def ask(self, question: str) -> Locator:
        """Send a question in the frame and wait for the end of its answer."""
        answers = self.chat.locator(ANSWERS)
        count = answers.count()
        self.chat.locator("#chat-input").fill(question)
        expect(self.chat.locator("#chat-submit")).to_be_enabled()
        self.chat.locator("#chat-submit").click()
        expect(answers.nth(count)).to_be_visible()
        expect(self.chat.locator("#stop-button")).to_have_count(0)
        return answers.nth(count)

    def hear(self, *events: str) -> None:
        """Note the events of the widget in the page."""
        for event in events:
            self.page.evaluate(
                "event => { window.heard ??= []; AssistantParticipation.on(event, (d) => heard.push([event, d])); }",
                event,
            )

    def heard(self) -> list[Any]:
        return list(self.page.evaluate("window.heard"))


def wait_until(page: Page, is_so: Callable[[], bool], what: str) -> None:
    """Wait for what only Python sees, while the browser's events come in."""
    for _ in range(600):
        if is_so():
            return
        page.wait_for_timeout(100)
    pytest.fail(f"not after a minute: {what}")


def visits(pages: Iterable[Page], host: Host) -> Iterator[Visit]:
    """A visit to the site in such a page, which leaves nothing in it and asks nothing of others."""
    for page in pages:
        visit = Visit(page, host)
        yield visit
        kept = page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")
        cookies = page.context.cookies()
        for name in ("localhost", "mairie.test"):  # the frame's own storage goes with the tab, which stays
            picture = host.put("/rien", "<iframe src='{assistant}/chat/public/centre.svg'></iframe>")
            page.goto(picture.replace("localhost", name))
            page.frames[-1].evaluate("() => { try { sessionStorage.clear(); } catch { /* blocked */ } }")
    visit.leave()
    ours = (f"http://localhost:{host.port}", f"http://mairie.test:{host.port}", host.assistant)
    elsewhere = [url for url in visit.asked if not url.startswith((*ours, "data:", "blob:"))]
    assert elsewhere == [], "the page asked other hosts"
    assert visit.errors == [], "the page's scripts failed, or its policy was broken"
    assert (kept, cookies) == (["", 0, 0], []), "something was left in the browser"


def page_of(context: BrowserContext) -> Iterator[Page]:
    yield context.new_page()
    context.close()


@pytest.fixture
def visit(browser: Browser, host: Host, assistant: Assistant) -> Iterator[Visit]:  # noqa: ARG001 - it runs
    yield from visits(lend_page(browser), host)


@pytest.fixture
def phone(browser: Browser, host: Host, assistant: Assistant) -> Iterator[Visit]:  # noqa: ARG001 - it runs
    yield from visits(lend_page(browser, viewport=PHONE), host)


@pytest.fixture
def first_visit(browser: Browser, host: Host, assistant: Assistant) -> Iterator[Visit]:  # noqa: ARG001 - it runs
    """A visit in a browser that never saw the site nor the assistant."""
    yield from visits(page_of(browser.new_context(viewport=DESKTOP, locale="fr-FR")), host)


@pytest.fixture
def stranger(browser: Browser, host: Host, assistant: Assistant) -> Iterator[Visit]:  # noqa: ARG001 - it runs
    """A visit where the frame is refused, by the assistant or by the host's own policy: browsers complain of it."""
    visit = Visit(browser.new_page(locale="fr-FR"), host)
    yield visit
    visit.page.close()


def test_nothing_but_the_script_is_asked_before_the_widget_is_opened(first_visit: Visit, host: Host) -> None:
    first_visit.go(host.put_button(policy=STRICT))
    expect(first_visit.button).to_be_visible()
    first_visit.page.wait_for_timeout(500)
    assert [urlsplit(url).path for url in first_visit.asked if url.startswith(host.assistant)] == ["/widget.js"]
    assert first_visit.page.frames == [first_visit.page.main_frame]


def test_a_strict_host_gets_answers_with_their_sources_and_is_told_of_them(visit: Visit, host: Host) -> None:
    visit.go(host.put_button(policy=STRICT))
    visit.hear("opened", "answered", "cited", "closed")
    answer = visit.open().ask(GERS)
    expect(answer).to_contain_text("47 000")
    answer.locator('a[href="#citation-1"]').click()
    expect(visit.chat.locator(".sheet-card mark")).to_contain_text("47 000")
    visit.page.wait_for_timeout(300)
    heard = visit.heard()
    assert [name for name, _ in heard] == ["opened", "answered", "cited"]
    assert heard[1][1]["citations"] >= 1
    assert not heard[1][1]["abstained"]
    assert heard[2][1] == {"sheet": "1"}
    assert "47 000" not in json.dumps(heard), "the host is told numbers and ids, no text"


def test_links_in_the_frame_open_beside_it(visit: Visit, host: Host) -> None:
    visit.go(host.put_button()).open()
    with visit.page.context.expect_page() as opened:
        visit.chat.locator("body").evaluate(
            "body => { body.innerHTML = '<a href=\"/fiches/1\">Fiche</a>'; body.querySelector('a').click(); }"
        )
    assert opened.value.url == f"{host.assistant}/fiches/1"


@pytest.mark.parametrize("name", ["localhost", "mairie.test"])
def test_the_chat_works_where_the_cookies_of_third_parties_are_blocked(
    name: str, browser: Browser, host: Host, assistant: Assistant, tmp_path: Path
) -> None:
    assert assistant.running
    (tmp_path / "Default").mkdir()
    blocked = {"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(blocked))
    context = browser.browser_type.launch_persistent_context(str(tmp_path), **WHOLE_CHROMIUM)  # type: ignore[arg-type]
    for visit in visits(page_of(context), host):
        visit.go(host.put_button(policy=STRICT).replace("localhost", name))
        expect(visit.open().ask(GERS)).to_contain_text("47 000")


def test_the_styles_and_resets_of_the_host_change_nothing(visit: Visit, host: Host) -> None:
    host.put("/", SCRIPT.replace("{}", ""))
    visit.go(f"http://localhost:{host.port}/")
    looks = (
        "e => { const s = getComputedStyle(e);"
        " return [s.display, s.fontSize, s.textTransform, s.color, e.offsetHeight]; }"
    )
    plain = visit.button.evaluate(looks)
    resets = (
        "<style>*{all:unset!important} button,div,assistant-participation{display:none!important;color:red!important}"
        "html{font-size:40px;letter-spacing:1em;text-transform:uppercase;line-height:3}</style>"
    )
    visit.go(host.put_button(more=resets))
    assert visit.button.evaluate(looks) == plain
    assert plain[4] >= 44


def test_the_script_twice_on_a_page_makes_one_button(visit: Visit, host: Host) -> None:
    visit.go(host.put("/", SCRIPT.replace("{}", "") * 2))
    expect(visit.button).to_have_count(1)


def test_two_conversations_on_a_page_are_apart(visit: Visit, host: Host) -> None:
    body = "<div data-assistant data-label='Dans la page'></div>" + SCRIPT.replace("{}", "data-floating")
    visit.go(host.put("/", body, STRICT))
    visit.page.get_by_role("button", name="Dans la page").click()
    inline = visit.page.frame_locator("div[data-assistant] iframe")
    expect(inline.locator("#chat-input")).to_be_visible()
    visit.button.click()
    floating = visit.page.frame_locator("assistant-participation[floating] iframe")
    expect(floating.locator("#chat-input")).to_be_visible()
    floating.locator("#chat-input").fill("une question")
    expect(inline.locator("#chat-input")).to_be_empty()


def test_the_button_survives_the_navigation_of_a_single_page_application(visit: Visit, host: Host) -> None:
    visit.go(host.put_button()).open()
    page = visit.page
    page.evaluate("document.body.innerHTML = '<h1>Une autre page</h1>'")
    expect(visit.button).to_have_count(1)
    page.evaluate("document.documentElement.replaceChild(document.createElement('body'), document.body)")
    expect(visit.button).to_have_count(1)
    page.evaluate(
        "src => { const s = document.createElement('script'); s.src = src; document.head.append(s); }",
        f"{host.assistant}/widget.js",
    )
    page.wait_for_timeout(500)
    expect(visit.button).to_have_count(1)
    page.evaluate("const e = document.querySelector('assistant-participation'); e.remove(); document.body.append(e)")
    expect(visit.button).to_have_attribute("aria-expanded", "false")
    visit.open()
    page.evaluate("AssistantParticipation.remove()")
    page.evaluate("document.body.append('encore')")
    page.wait_for_timeout(300)
    expect(visit.button).to_have_count(0)
    page.evaluate("AssistantParticipation.mount()")
    expect(visit.button).to_have_count(1)


def test_a_single_page_application_may_navigate_at_length_and_is_heard_once(visit: Visit, host: Host) -> None:
    visit.go(host.put_button("data-open data-greeting='Bonjour'", STRICT)).wait()
    page = visit.page
    visit.hear("opened", "answered")
    for turn in range(25):
        # As Turbo does: a page of before comes back from a copy, the button in it.
        page.evaluate("turn => { const b = document.body.cloneNode(turn % 2); document.body.replaceWith(b); }", turn)
        expect(visit.button).to_have_count(1)
    expect(visit.button).to_have_attribute("aria-expanded", "false")
    page.evaluate("document.body = document.createElement('body')")
    expect(visit.button).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_text("Bonjour")).to_have_count(0)
    page.evaluate("for (let i = 0; i < 3; i++) AssistantParticipation.mount()")
    expect(visit.button).to_have_count(1)
    before = len(visit.heard())
    expect(visit.open().ask(GERS)).to_contain_text("47 000")
    wait_until(page, lambda: len(visit.heard()) >= before + 2, "opened and answered")
    assert [name for name, _ in visit.heard()[before:]] == ["opened", "answered"]
    assert len([frame for frame in page.frames if "/chat/" in frame.url]) == 1


def test_a_place_drawn_later_however_deep_gets_its_conversation(visit: Visit, host: Host) -> None:
    visit.go(host.put_button(policy=STRICT))
    expect(visit.button).to_have_count(1)
    visit.page.evaluate(
        """() => {
          const main = document.createElement('main');
          main.append(document.createElement('section'));
          document.body.replaceChildren(main);
          setTimeout(() => {
            const place = document.createElement('div');
            place.dataset.assistant = '';
            place.dataset.label = 'Dans la page';
            main.firstChild.append(place);
          }, 200);
        }"""
    )
    visit.page.get_by_role("button", name="Dans la page").click()
    inline = visit.page.frame_locator("main div[data-assistant] iframe")
    expect(inline.locator("#chat-input")).to_be_visible()
    expect(visit.page.locator("main assistant-participation")).to_have_count(1)


def test_an_element_drawn_later_by_the_host_opens_in_its_place(visit: Visit, host: Host) -> None:
    visit.go(host.put_button())
    element = '<assistant-participation label="Ici" open></assistant-participation>'
    visit.page.evaluate("element => document.body.insertAdjacentHTML('beforeend', element)", element)
    frame = visit.page.frame_locator("assistant-participation[label] iframe")
    expect(frame.locator("#chat-input")).to_be_visible()
    assert visit.page.evaluate("document.activeElement === document.body"), "opened by itself, it leaves the focus"


def test_offline_it_says_so_and_comes_with_the_connection(first_visit: Visit, host: Host) -> None:
    first_visit.go(host.put_button())
    first_visit.page.context.set_offline(True)
    first_visit.button.click()
    expect(first_visit.page.get_by_role("dialog").get_by_role("status")).to_contain_text("Pas de connexion")
    first_visit.page.context.set_offline(False)
    first_visit.wait()
    expect(first_visit.ask(GERS)).to_contain_text("47 000")
    first_visit.page.context.set_offline(True)
    first_visit.page.wait_for_timeout(1_500)
    first_visit.page.context.set_offline(False)
    expect(first_visit.ask("et combien de projets ?")).to_be_visible()


def test_a_conversation_goes_on_when_the_server_was_restarted(visit: Visit, host: Host, assistant: Assistant) -> None:
    visit.go(host.put_button()).open()
    expect(visit.ask("un budget participatif dans le Gers")).to_contain_text("[1]")
    assistant.stop()
    assistant.start()
    expect(visit.chat.get_by_role("status").filter(has_text="la conversation continue")).to_be_visible()
    expect(visit.ask("le premier, combien de votants en 2019 ?")).to_contain_text("47 000")


def test_a_slow_line_is_said_to_be_slow_and_failed_only_once_it_was_tried_again(first_visit: Visit, host: Host) -> None:
    page, held = first_visit.page, []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/chat/?frame=1*", hold)
    page.clock.install()
    first_visit.go(host.put_button())
    first_visit.button.click()
    note = page.locator("assistant-participation .note")
    expect(note).to_have_text("Chargement de l’assistant…")
    page.clock.fast_forward(20_000)
    expect(note).to_contain_text("la connexion est lente")
    page.clock.fast_forward(60_000)
    wait_until(page, lambda: len(held) == 2, "it is loaded a second time")
    expect(note).to_have_text("Chargement de l’assistant…")
    page.clock.fast_forward(20_000)
    page.clock.fast_forward(60_000)
    expect(note).to_contain_text("L’assistant ne peut pas s’afficher ici.")
    page.unroute_all()


def test_a_conversation_goes_on_from_page_to_page_of_a_site_unless_it_says_otherwise(visit: Visit, host: Host) -> None:
    for keeps, attributes in ((True, ""), (False, 'data-keep="non"')):
        visit.go(host.put_button(attributes)).open().ask(GERS)
        other = host.put("/autre", f"<p>Une autre page</p>{SCRIPT.replace('{}', attributes)}")
        visit.go(other).open()
        if keeps:
            expect(visit.chat.locator(ANSWERS)).to_contain_text("47 000")
            expect(visit.ask("et en 2018 ?")).to_be_visible()
            visit.go(other).open()
            expect(visit.chat.locator(QUESTIONS)).to_have_count(2)
        else:
            visit.page.wait_for_timeout(1500)
            expect(visit.chat.locator(ANSWERS)).to_have_count(0)
        assert visit.page.evaluate("sessionStorage.length + localStorage.length") == 0, "the site reads nothing of it"


@pytest.mark.parametrize(
    ("lang", "note", "warning"),
    [
        ("fr", "Ce site n’est pas autorisé à afficher l’assistant.", "ce site (SITE) n’est pas autorisé à l’afficher"),
        ("en", "This site is not allowed to show the assistant.", "this site (SITE) is not allowed to show it"),
    ],
)
def test_a_site_that_is_not_allowed_is_told_so_and_gets_no_chat(
    lang: str, note: str, warning: str, stranger: Visit, host: Host
) -> None:
    page = BARE.replace("lang='fr'", f"lang='{lang}'").replace("{}", SCRIPT.replace("{}", ""))
    visit = stranger.go(host.put("/", page, STRICT).replace("localhost", "autre.test"))
    visit.page.get_by_role("button", expanded=False).click()
    said = visit.page.get_by_role("dialog").get_by_role("status")
    expect(said).to_contain_text(note)
    expect(said.get_by_role("link")).to_have_attribute("href", f"{host.assistant}/chat/?lang={lang}")
    expect(visit.chat.locator("body")).to_have_text(note.replace("’", "'"))
    visit.hears_warning(warning.replace("SITE", f"http://autre.test:{host.port}"))
    assert visit.warned[0].endswith(f" {host.assistant}/admin/widget")
    visit.page.keyboard.press("Escape")
    visit.page.get_by_role("button", expanded=False).click()
    wait_until(visit.page, lambda: sum("/chat/?" in url for url in visit.asked) == 2, "it is tried again")
    expect(said).to_contain_text(note)
    assert len(visit.warned) == 1


@pytest.mark.parametrize("name", ["localhost", "autre.test"])
def test_a_frame_without_script_shows_the_chat_or_the_sentence_that_refuses_it(
    name: str, stranger: Visit, host: Host
) -> None:
    frame = write_snippet(Options(form="cadre"), host.assistant)
    visit = stranger.go(host.put("/", frame, STRICT_FRAME).replace("localhost", name))
    inside = visit.page.frame_locator("iframe")
    if name == "localhost":
        expect(inside.locator("#chat-input")).to_be_visible()
        assert visit.errors == [], "the policy was broken"
        return
    expect(inside.get_by_role("heading", name="Ce site n'est pas autorisé")).to_be_visible()
    expect(inside.locator("a, form, input, button, iframe, style, [style]")).to_have_count(0)
    expect(inside.locator("script")).to_have_count(1)


def test_a_page_opened_from_the_disk_is_told_what_its_origin_is(stranger: Visit, host: Host, tmp_path: Path) -> None:
    page = BARE.replace("{}", SCRIPT.replace("{}", "")).replace("{assistant}", host.assistant)
    # Without a charset, so that browsers read the page as windows-1252: the script is in UTF-8 all the same.
    (tmp_path / "page.html").write_text(page)
    visit = stranger.go((tmp_path / "page.html").as_uri())
    visit.button.click()
    visit.hears_warning("cette page a pour origine « null »")
    expect(visit.chat.get_by_role("heading", name="Ce site n'est pas autorisé")).to_be_visible()


def test_a_host_whose_policy_forbids_the_frame_is_told_the_line_to_add(stranger: Visit, host: Host) -> None:
    address = host.put_button(policy="default-src 'none'; script-src {assistant}")
    visit = stranger.go(address)
    visit.button.click()
    visit.hears_warning(f"Ajoutez-y : frame-src {host.assistant}")
    expect(visit.page.get_by_role("dialog").get_by_role("status")).to_contain_text("ne peut pas s’afficher ici")
    assert len(visit.warned) == 1


def test_a_block_that_another_site_frames_is_told_to_allow_both(stranger: Visit, host: Host) -> None:
    host.put("/bloc", SCRIPT.replace("{}", ""))
    outer = host.put("/", f"<iframe src='http://localhost:{host.port}/bloc' width='600' height='600'></iframe>")
    visit = stranger.go(outer.replace("localhost", "autre.test"))
    visit.page.frame_locator("iframe").get_by_role("button", name="Poser une question").click()
    visit.hears_warning(f"dans un cadre d’un autre site (http://autre.test:{host.port}), qui doit aussi être autorisé")
    visit.go(outer.replace("localhost", "mairie.test"))
    inside = visit.page.frame_locator("iframe")
    inside.get_by_role("button", name="Poser une question").click()
    chat = inside.frame_locator("assistant-participation iframe")
    expect(chat.locator("#chat-input")).to_be_visible()


@pytest.mark.parametrize(
    ("attribute", "said"),
    [
        pytest.param("data-color='bleu'", 'data-color="bleu" n’est pas accepté. Possible : #7a2e5d', id="no colour"),
        pytest.param("data-color='#7a2e5d80'", 'data-color="#7a2e5d80" n’est pas accepté', id="seen through"),
        pytest.param("data-color='var(--x)'", 'data-color="var(--x)" n’est pas accepté', id="a variable"),
        pytest.param("data-position='haut'", "Possible : droite, gauche.", id="position"),
        pytest.param("data-lang='de'", 'data-lang="de" n’est pas accepté. Possible : fr, en.', id="language"),
        pytest.param("data-open='false'", 'data-open="false" n’est pas accepté. Possible : data-open.', id="open"),
        pytest.param("data-colour='red'", "data-colour n’est pas une de ses options, qui sont :", id="unknown"),
    ],
)
def test_a_wrong_option_is_named_once_in_the_console_and_counts_as_none(
    attribute: str, said: str, visit: Visit, host: Host
) -> None:
    visit.go(host.put_button(attribute, STRICT))
    expect(visit.button).to_have_css("background-color", "rgb(25, 52, 95)")
    expect(visit.button).to_have_attribute("aria-expanded", "false")
    visit.page.evaluate("document.body = document.createElement('body')")
    expect(visit.button).to_have_count(1)
    visit.hears_warning(said)
    assert len(visit.warned) == 1
    box = visit.button.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] == DESKTOP["width"] - 16


def test_options_that_are_right_say_nothing(visit: Visit, host: Host) -> None:
    visit.go(
        host.put_button(
            "data-color='#7a2e5d' data-position='left' data-lang='fr-FR' data-annee='2019' data-floating "
            "data-label='Une question' data-greeting='' data-sheet='12' data-filters='' data-v-1a2b3c"
        )
    )
    expect(visit.page.get_by_role("button", name="Une question")).to_be_visible()
    assert visit.warned == []


def test_a_conversation_needs_no_mouse(visit: Visit, host: Host) -> None:
    visit.go(host.put_button(policy=STRICT, more="<a href='#x'>Lien</a>"))
    keyboard = visit.page.keyboard
    expect(visit.button).to_be_visible()
    keyboard.press("Tab")
    keyboard.press("Tab")
    expect(visit.button).to_be_focused()
    expect(visit.button).to_have_attribute("aria-expanded", "false")
    keyboard.press("Enter")
    expect(visit.wait().chat.locator("#chat-input")).to_be_focused()
    expect(visit.button).to_have_attribute("aria-expanded", "true")
    keyboard.type(GERS)
    expect(visit.chat.locator("#chat-submit")).to_be_enabled()
    keyboard.press("Enter")
    expect(visit.chat.locator(ANSWERS)).to_contain_text("47 000")
    expect(visit.chat.locator("#stop-button")).to_have_count(0)
    visit.chat.locator("#chat-input").focus()
    keyboard.press("Escape")
    expect(visit.button).to_be_focused()
    expect(visit.page.get_by_role("dialog")).to_have_count(0)
    keyboard.press("Enter")
    expect(visit.chat.locator(ANSWERS)).to_contain_text("47 000")
    expect(visit.chat.locator("#chat-input")).to_be_focused()
    keyboard.press("Shift+Tab")
    visit.page.get_by_role("button", name="Fermer").focus()
    keyboard.press("Escape")
    expect(visit.button).to_be_focused()


def faults(frame: Any) -> list[Any]:
    return [
        (each["id"], [node["html"][:160] for node in each["nodes"]])
        for each in find_faults(frame, iframes=False)
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("viewport", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_no_serious_fault_is_seen_by_axe(viewport: Any, browser: Browser, host: Host, assistant: Assistant) -> None:
    assert assistant.running
    for visit in visits(lend_page(browser, viewport=viewport, bypass_csp=True), host):
        visit.go(host.put_button("data-greeting='Une question ?'"))
        assert faults(visit.page) == []
        visit.open().ask(GERS)
        frame = next(each for each in visit.page.frames if "/chat/" in each.url)
        assert faults(visit.page) == []
        assert faults(frame) == []
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("viewport", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_the_answers_have_most_of_the_panel(viewport: Any, browser: Browser, host: Host, assistant: Assistant) -> None:
    assert assistant.running
    for visit in visits(lend_page(browser, viewport=viewport), host):
        answer = visit.go(host.put_button()).open().ask(GERS)
        room = answer.evaluate(
            """answer => {
              const scrolls = (each) => ['auto', 'scroll'].includes(getComputedStyle(each).overflowY);
              let box = answer;
              while (!scrolls(box)) box = box.parentElement;
              return box.clientHeight / innerHeight;
            }"""
        )
        print(f"{room:.0%} of the frame for the conversation")
        assert room >= 0.75
        anew = visit.chat.get_by_role("button", name="Nouvelle conversation")
        anew.click()
        expect(visit.chat.get_by_role("dialog")).to_be_visible()
        visit.page.keyboard.press("Escape")
        expect(visit.chat.get_by_role("dialog")).to_have_count(0)
        expect(anew).to_be_focused()
        anew.click()
        visit.chat.get_by_role("dialog").get_by_role("button").last.wait_for()
        visit.chat.get_by_role("button", name="Confirmer").click()
        expect(visit.chat.locator(ANSWERS)).to_have_count(0)
        expect(anew).to_be_hidden()


def test_on_a_phone_the_conversation_takes_the_whole_screen(phone: Visit, host: Host) -> None:
    phone.go(host.put_button()).open()
    assert phone.page.get_by_role("dialog").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 800}
    phone.page.get_by_role("button", name="Fermer").click()
    expect(phone.button).to_be_focused()


@pytest.mark.parametrize(
    "color", ["#ffffff", "black", "yellow", "hsl(30 100% 50%)", "rgb(119, 119, 119)", "not-a-colour"]
)
def test_the_label_is_readable_on_any_colour(color: str, visit: Visit, host: Host) -> None:
    visit.go(host.put_button(f'data-color="{color}"'))
    ratio = visit.button.evaluate(
        """button => {
          const light = (text) => {
            const [r, g, b] = text.match(/\\d+/g).map((each) => each / 255)
              .map((p) => (p <= 0.03928 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const style = getComputedStyle(button);
          const [low, high] = [light(style.color), light(style.backgroundColor)].sort((a, b) => a - b);
          return (high + 0.05) / (low + 0.05);
        }"""
    )
    assert ratio >= 4.5
    shown = read_color(color if color != "not-a-colour" else "#19345f")
    expect(visit.button).to_have_css("background-color", f"rgb({shown.red}, {shown.green}, {shown.blue})")
    label = shown.label
    expect(visit.button).to_have_css("color", f"rgb({label.red}, {label.green}, {label.blue})")


def test_the_options_are_followed(visit: Visit, host: Host) -> None:
    options = (
        'data-lang="en" data-label="Ask us" data-greeting="A &lt;b&gt; question?" data-position="gauche" '
        'data-sheet="12" '
        'data-filters="porteur=PV&amp;annee=2019" data-thematique="ENV,CULT"'
    )
    visit.go(host.put_button(options))
    button = visit.page.get_by_role("button", name="Ask us")
    box = button.bounding_box()
    assert box is not None
    assert box["x"] == 16
    expect(visit.page.get_by_text("A <b> question?")).to_be_visible()
    visit.page.get_by_role("button", name="Hide this message").click()
    expect(visit.page.get_by_text("question?")).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    expect(visit.page.get_by_role("button", name="Close", exact=True)).to_be_visible()
    asked = next(url for url in visit.asked if "/chat/?" in url)
    for part in ("frame=1", "lang=en", "sheet=12", "porteur=PV", "annee=2019", "thematique=ENV", "thematique=CULT"):
        assert part in asked
    expect(visit.wait().chat.locator(".filter-bar li")).to_have_count(4)
    expect(visit.chat.locator(QUESTIONS)).to_have_count(1)


def test_the_interface_asks_opens_and_closes(visit: Visit, host: Host) -> None:
    visit.go(host.put_button(more=f"<button data-assistant-ask>{GERS}</button>"))
    visit.page.evaluate("question => AssistantParticipation.ask(question)", GERS)
    expect(visit.wait().chat.locator(ANSWERS)).to_contain_text("47 000")
    visit.page.evaluate("AssistantParticipation.close()")
    expect(visit.page.get_by_role("dialog")).to_have_count(0)
    expect(visit.chat.locator("#stop-button")).to_have_count(0)
    visit.page.get_by_role("button", name=GERS).click()
    expect(visit.chat.locator(QUESTIONS)).to_have_count(2)


def test_a_site_vouches_for_its_member_and_for_nobody_elses(visit: Visit, host: Host, assistant: Assistant) -> None:
    visit.go(host.put_button(policy=STRICT))
    wrong = vouch_token(host.assistant, iss="https://autre.exemple")
    visit.page.evaluate("token => AssistantParticipation.vouch(token)", wrong)
    visit.open()
    line = visit.chat.locator(".reader-line")
    expect(line).to_be_visible()
    expect(line).not_to_contain_text("Alix")
    right = vouch_token(host.assistant, iss=assistant.origins[0])
    visit.page.evaluate("token => AssistantParticipation.vouch(() => token)", right)
    expect(line).to_contain_text("Alix")
    assert right not in " ".join(visit.asked), "a token is in no address"
    visit.page.evaluate("AssistantParticipation.close()")
    visit.page.evaluate("AssistantParticipation.remove()")
    visit.go(host.put_button())
    visit.page.evaluate("token => AssistantParticipation.vouch(token)", right)
    visit.open()
    visit.page.wait_for_timeout(1_000)
    expect(line).not_to_contain_text("Alix")


def test_the_function_that_vouches_is_called_at_each_opening(
    first_visit: Visit, host: Host, assistant: Assistant
) -> None:
    first_visit.go(host.put_button(policy=STRICT))
    page, given = first_visit.page, []

    def sign() -> str:
        given.append(vouch_token(host.assistant, iss=assistant.origins[0]))
        return given[-1]

    page.expose_function("sign", sign)
    page.evaluate("AssistantParticipation.vouch(() => window.sign())")
    for turn in range(3):
        with page.expect_response("**/api/members/vouch") as answer:
            first_visit.open()
        assert answer.value.status == 200, "the token had not served yet"
        expect(first_visit.chat.locator(".reader-line")).to_contain_text("Alix")
        assert len(given) == turn + 1
        page.evaluate("AssistantParticipation.close()")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.evaluate("AssistantParticipation.vouch(() => { throw new Error('serveur muet'); })")
    assert first_visit.warned == [], "called at the next opening, not before"
    first_visit.open()
    first_visit.hears_warning("la fonction donnée à vouch() a échoué (Error: serveur muet)")


NOW = int(time.time())
_INVALID = "Ce jeton n'est pas valable : signature, destinataire ou durée."


@pytest.mark.parametrize(
    ("claims", "name", "reason"),
    [
        pytest.param(
            {"key": OctKey.import_key("une autre clé, de trente-deux signes")}, "localhost", _INVALID, id="forged"
        ),
        pytest.param({"exp": NOW - 120}, "localhost", _INVALID, id="expired"),
        pytest.param({"aud": "https://ailleurs.exemple"}, "localhost", _INVALID, id="other audience"),
        pytest.param({"iss": "https://autre.exemple"}, "localhost", _INVALID, id="other site"),
        pytest.param({}, "mairie.test", "Ce site ne peut pas désigner d'adhérents.", id="on another site"),
        pytest.param({"jti": "deja-servi"}, "localhost", "Ce jeton a déjà servi.", id="replayed"),
    ],
)
def test_a_token_that_does_not_hold_opens_nothing(
    claims: dict[str, Any], name: str, reason: str, visit: Visit, host: Host, assistant: Assistant
) -> None:
    token = vouch_token(host.assistant, **{"iss": assistant.origins[0], **claims})
    if "jti" in claims:
        body = {"token": token, "origin": assistant.origins[0]}
        assert httpx.post(f"{host.assistant}/api/members/vouch", json=body).status_code == 200
    visit.go(host.put_button(policy=STRICT).replace("localhost", name))
    visit.page.evaluate("token => AssistantParticipation.vouch(token)", token)
    with visit.page.expect_response("**/api/members/vouch") as answer:
        visit.open()
    assert (answer.value.status, answer.value.json()["detail"]) == (403, reason)
    expect(visit.chat.locator(".reader-line")).to_contain_text("Connectez-vous")


def test_messages_of_others_are_not_heard(visit: Visit, host: Host) -> None:
    visit.go(host.put_button()).open()
    visit.hear("answered", "closed")
    visit.page.evaluate(
        "for (const t of ['close', 'answered']) window.postMessage({ assistant: t }, '*');"
        "const f = document.createElement('iframe'); document.body.append(f);"
        "f.contentWindow.eval(\"parent.postMessage({ assistant: 'close' }, '*')\")"
    )
    frame = next(each for each in visit.page.frames if "/chat/" in each.url)
    frame.evaluate("for (const t of ['resume', 'ask']) postMessage({ assistant: t, turns: [{ query: '' }] }, '*')")
    visit.page.wait_for_timeout(500)
    assert visit.page.evaluate("window.heard ?? []") == []
    expect(visit.page.get_by_role("dialog")).to_be_visible()
    expect(visit.ask(GERS)).to_contain_text("47 000")


def test_the_widget_weighs_little_and_the_frame_less_than_chainlits_own(first_visit: Visit, host: Host) -> None:
    import chainlit

    copilot = len(gzip.compress((Path(chainlit.__file__).parent / "copilot" / "dist" / "index.js").read_bytes(), 6))
    first_visit.go(host.put_button())
    expect(first_visit.button).to_be_visible()
    before = sum(size for url, size in first_visit.sizes.items() if url.startswith(host.assistant))
    first_visit.open()
    first_visit.page.wait_for_timeout(1_500)
    after = sum(size for url, size in first_visit.sizes.items() if url.startswith(host.assistant)) - before
    script = httpx.get(f"{host.assistant}/widget.js", headers={"Accept-Encoding": "gzip"})
    assert int(script.headers["content-length"]) <= 8_000
    print(f"before {before} B, after {after} B, Chainlit's copilot {copilot} B")
    assert before <= 8_000
    assert after < copilot / 1.8


def test_the_host_loads_as_fast_with_the_widget(first_visit: Visit, host: Host) -> None:
    def load(address: str) -> float:
        times = []
        for _ in range(7):
            first_visit.go(address)
            times.append(first_visit.page.evaluate("performance.getEntriesByType('navigation')[0].loadEventStart"))
        return statistics.median(times)

    without, with_it = load(host.put("/sans", "<p>Texte</p>")), load(host.put_button())
    print(f"load event without {without:.0f} ms, with {with_it:.0f} ms")
    assert with_it - without < 150


def test_the_websocket_opens_for_allowed_origins_alone(host: Host, assistant: Assistant) -> None:
    assert assistant.running
    assert connect(host.assistant, host.assistant)
    assert connect(host.assistant, f"http://localhost:{host.port}")
    for origin in (f"http://localhost:{host.port + 1}", f"https://localhost:{host.port}", "http://autre.test", "null"):
        assert not connect(host.assistant, origin), origin


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        pytest.param("?frame=1&site=SITE", {}, 200, id="told by the widget"),
        pytest.param("", {"Sec-Fetch-Dest": "iframe", "Referer": "SITE/page"}, 200, id="told by the browser"),
        pytest.param("?frame=1&site=SITE", {"Referer": "SITE/"}, 200, id="told by both"),
        pytest.param("?frame=1&site=SITE", {"Referer": "OURS/chat/"}, 200, id="reloaded in the frame"),
        pytest.param("?frame=1", {}, 200, id="nobody tells, the browser decides"),
        pytest.param("", {"Sec-Fetch-Dest": "iframe", "Referer": "https://autre.example/"}, 403, id="another site"),
        pytest.param("?frame=1&site=https://autre.example", {}, 403, id="another site, told"),
        pytest.param("?frame=1&site=SITE", {"Referer": "https://autre.example/"}, 403, id="another site that lies"),
        pytest.param("?frame=1&site=SITE/", {}, 403, id="not an origin"),
        pytest.param("?frame=1&site=null", {}, 403, id="opaque"),
        pytest.param("element/x", {"Sec-Fetch-Dest": "iframe", "Referer": "https://autre.example/"}, 403, id="deeper"),
    ],
)
def test_the_page_in_a_frame_is_for_allowed_sites(
    query: str, headers: dict[str, str], status: int, host: Host, assistant: Assistant
) -> None:
    site = assistant.origins[0]
    filled = {name: value.replace("SITE", site).replace("OURS", host.assistant) for name, value in headers.items()}
    answer = httpx.get(f"{host.assistant}/chat/{query.replace('SITE', site)}", headers=filled)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    if status == 200:
        assert f"frame-ancestors 'self' {' '.join(assistant.origins)}" in policy
    else:
        assert policy == "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'"
        assert len(answer.text) < 600


def test_pages_other_than_the_chat_stand_in_no_frame(host: Host, assistant: Assistant) -> None:
    assert assistant.running
    for path in ("/", "/fiches", "/admin/connexion", "/demo"):
        assert "frame-ancestors 'none'" in httpx.get(f"{host.assistant}{path}").headers["Content-Security-Policy"]


def test_the_chats_files_are_sent_compressed_and_not_again(host: Host, assistant: Assistant) -> None:
    assert assistant.running
    address = f"{host.assistant}/chat/public/chat.js"
    for form in ("br", "gzip", "identity"):
        answer = httpx.get(address, headers={"Accept-Encoding": form})
        assert answer.headers.get("content-encoding", "identity") == form
        assert answer.headers["vary"] == "Accept-Encoding"
        assert "/javascript" in answer.headers["content-type"]
        again = httpx.get(address, headers={"Accept-Encoding": form, "If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
    assert httpx.get(f"{host.assistant}/chat/public/../../secret").status_code == 404


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/admin/connexion?suite=/admin/widget")
    page.get_by_label("Nom du compte").fill(NAME)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="L’assistant sur d’autres sites")).to_be_visible()


@pytest.mark.parametrize("viewport", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_staff_write_the_snippet_see_it_and_allow_a_site_at_once(
    viewport: Any, browser: Browser, host: Host, assistant: Assistant
) -> None:
    assert assistant.running
    page = browser.new_page(viewport=viewport, locale="fr-FR", bypass_csp=True)
    sign_in(page, host.assistant)
    page.get_by_label("Couleur").fill("#7a2e5d")
    page.get_by_label("Libellé").fill('Une "question" <b>?')
    snippet = page.get_by_label("À coller dans les pages")
    expect(snippet).to_have_value(
        f'<script src="{host.assistant}/widget.js" data-color="#7a2e5d" '
        'data-label="Une &quot;question&quot; &lt;b&gt;?" defer></script>'
    )
    button = page.get_by_role("button", name='Une "question" <b>?')
    expect(button).to_have_css("background-color", "rgb(122, 46, 93)")
    page.get_by_label("Forme").select_option("integre")
    expect(snippet).to_have_value(
        '<div data-assistant data-color="#7a2e5d" data-label="Une &quot;question&quot; &lt;b&gt;?"></div>\n'
        f'<script src="{host.assistant}/widget.js" defer></script>'
    )
    expect(page.get_by_label("Si le site envoie")).to_have_value(
        f"script-src {host.assistant}; frame-src {host.assistant};"
    )
    assert faults(page) == []
    page.get_by_label("Sites, un par ligne").fill("https://*.exemple.fr")
    page.get_by_role("button", name="Enregistrer les sites").click()
    expect(page.get_by_role("alert")).to_contain_text("jokers")
    expect(page.get_by_label("Sites, un par ligne")).to_have_value("https://*.exemple.fr")
    framed = {"Sec-Fetch-Dest": "iframe", "Referer": "https://ville.exemple.fr/page"}
    assert httpx.get(f"{host.assistant}/chat/", headers=framed).status_code == 403
    page.get_by_label("Sites, un par ligne").fill("https://Ville.exemple.fr/\n\nhttps://www.exemple.fr")
    page.get_by_role("button", name="Enregistrer les sites").click()
    expect(page.locator(".note.good")).to_contain_text("enregistrés")
    answer = httpx.get(f"{host.assistant}/chat/", headers=framed)
    assert answer.status_code == 200
    assert "https://ville.exemple.fr https://www.exemple.fr" in answer.headers["Content-Security-Policy"]
    page.get_by_label("Sites, un par ligne").fill("")
    page.get_by_role("button", name="Enregistrer les sites").click()
    expect(page.locator(".note.good")).to_be_visible()
    assert httpx.get(f"{host.assistant}/chat/", headers=framed).status_code == 403
    page.close()


def test_staff_read_beside_the_field_what_is_wrong_in_it(browser: Browser, host: Host, assistant: Assistant) -> None:
    assert assistant.running
    page = browser.new_page(locale="fr-FR", bypass_csp=True)
    sign_in(page, host.assistant)
    color, sheet = page.get_by_label("Couleur"), page.get_by_label("Fiche de départ")
    plain = f'<script src="{host.assistant}/widget.js" defer></script>'
    color.fill("bleu")
    expect(color).to_have_accessible_description(re.compile("« bleu » n'est pas une couleur, écrivez #7a2e5d"))
    expect(color).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("À coller dans les pages")).to_have_value(plain)
    expect(page).to_have_title(re.compile("^Erreur"))
    assert faults(page) == []
    color.fill("gold")
    expect(color).to_have_accessible_description("Le libellé y sera écrit en noir (contraste de 15,0 pour 1).")
    expect(color).not_to_have_attribute("aria-invalid", "true")
    sheet.fill("9999")
    expect(sheet).to_have_accessible_description("Il n'y a pas de fiche « 9999 ».")
    expect(page.get_by_label("À coller dans les pages")).to_have_value(
        plain.replace(" defer", ' data-color="gold" defer')
    )
    page.goto(f"{host.assistant}/admin/widget?position=haut&color=gold&lang=de")
    for label in ("Place du bouton", "Langue"):
        expect(page.get_by_label(label)).to_have_accessible_description(re.compile("prenez-en un de la liste"))
    expect(color).to_have_value("gold")
    page.close()


def test_what_is_written_before_the_script_runs_or_put_back_by_the_browser_is_in_the_snippet(
    browser: Browser, host: Host, assistant: Assistant
) -> None:
    assert assistant.running
    page = browser.new_page(locale="fr-FR")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/snippet.js*", hold)
    sign_in(page, host.assistant)
    early = f'<script src="{host.assistant}/widget.js" data-label="Tôt" data-open defer></script>'
    snippet = page.get_by_label("À coller dans les pages")

    def write() -> None:
        page.get_by_label("Libellé").fill("Tôt")
        page.get_by_label("Ouvert dès l’arrivée").check()
        expect(snippet).not_to_have_value(early)

    write()
    held.pop().continue_()
    expect(snippet).to_have_value(early)
    page.goto(f"{host.assistant}/admin/widget", wait_until="commit")
    write()
    page.goto(f"{host.assistant}/fiches", wait_until="commit")
    page.unroute("**/snippet.js*")
    page.go_back()
    expect(page.get_by_label("Libellé")).to_have_value("Tôt")
    expect(snippet).to_have_value(early)
    page.close()


def test_nobody_but_staff_sees_or_changes_the_sites(host: Host, assistant: Assistant) -> None:
    assert assistant.running
    assert httpx.get(f"{host.assistant}/admin/widget").status_code == 303
    assert httpx.post(f"{host.assistant}/admin/widget/sites", data={"sites": "https://evil.example"}).status_code == 303
    assert (
        not (assistant.data_dir / "widget-origins.json").exists()
        or "evil" not in (assistant.data_dir / "widget-origins.json").read_text()
    )


@pytest.mark.parametrize("path", ["/demo", "/demo?forme=integre"])
@pytest.mark.parametrize("viewport", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_the_demonstration_answers(
    path: str, viewport: Any, browser: Browser, host: Host, assistant: Assistant
) -> None:
    assert assistant.running
    page = browser.new_page(viewport=viewport, locale="fr-FR", bypass_csp=True)
    page.goto(f"{host.assistant}{path}")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("[data-assistant-ask]").first.click()
    expect(page.frame_locator("iframe").locator(ANSWERS)).to_contain_text("[1]")
    page.close()


def test_a_visitor_who_asks_too_much_waits_and_is_told(browser: Browser, assistant: Assistant, tmp_path: Path) -> None:
    limits = {"ASSISTANT_LIMIT_VISITOR": "3/hour", "ASSISTANT_OPEN_CONVERSATIONS": "1"}
    data_dir = make_data_dir(tmp_path)
    (data_dir / "index").symlink_to((assistant.data_dir / "index").resolve())
    for server in start_server(data_dir, tmp_path, **limits):
        visitor = {"X-Forwarded-For": "2001:db8:1:2::7"}
        neighbour, other = {"X-Forwarded-For": "2001:db8:1:2:9::1"}, {"X-Forwarded-For": "2001:db8:1:3::7"}
        body = {"turns": [{"user": "bonjour"}, {"user": "merci"}]}
        assert httpx.post(f"{server}/api/ask", json=body, headers=visitor).status_code == 200
        refused = httpx.post(f"{server}/api/ask", json=body, headers=neighbour)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 3600
        assert refused.headers["content-type"] == "application/problem+json"
        assert httpx.post(f"{server}/api/ask", json={"query": "bonjour"}, headers=other).status_code == 200
        context = browser.new_context(locale="fr-FR", extra_http_headers=visitor)
        page = context.new_page()
        page.goto(f"{server}/chat/")
        for question, answer in (("bonjour", "Bonjour"), ("merci", "Beaucoup de questions")):
            expect(page.locator("#chat-input")).to_be_visible()
            page.locator("#chat-input").fill(question)
            expect(page.locator("#chat-submit")).to_be_enabled()
            page.locator("#chat-submit").click()
            expect(page.locator(ANSWERS).last).to_contain_text(answer)
        assert httpx.get(f"{server}/chat/", headers=visitor).status_code == 429
        assert httpx.get(f"{server}/chat/", headers=other).status_code == 200
        context.close()


def test_the_widget_is_over_all_that_the_page_has(visit: Visit, host: Host) -> None:
    cover = "<header style='position:fixed;inset:0;z-index:2147483647;background:teal'></header>"
    page = BARE.replace("<body>", "<body style='transform:translateX(40px);height:3000px'>")
    visit.go(host.put("/", page.replace("{}", cover + SCRIPT.replace("{}", ""))))
    box = visit.button.bounding_box()
    assert box is not None
    assert (box["x"] + box["width"], box["y"] + box["height"]) == (DESKTOP["width"] - 16, DESKTOP["height"] - 16)
    visit.open()
    expect(visit.chat.locator("#chat-input")).to_be_focused()
    visit.chat.locator("#chat-input").click(timeout=5_000)
    visit.page.evaluate("document.querySelector('header').append(document.createElement('p'))")
    expect(visit.button).to_have_count(1)


@pytest.mark.parametrize(("width", "height"), [(320, 256), (390, 500), (1280, 600), (1280, 617)])
def test_one_sees_the_field_where_the_window_is_small(width: int, height: int, visit: Visit, host: Host) -> None:
    visit.page.set_viewport_size({"width": width, "height": height})
    visit.go(host.put_button("data-open")).wait()
    field = visit.chat.locator("#chat-input")
    expect(visit.chat.locator(".own-tab")).to_be_attached()

    def is_seen() -> bool:
        box = field.bounding_box()
        return box is not None and box["x"] >= 0 and 0 <= box["y"] <= height - box["height"]

    wait_until(visit.page, is_seen, "the field is in the window at first")
    visit.ask(GERS)
    wait_until(visit.page, is_seen, "and after an answer")


def test_what_fills_the_screen_keeps_the_focus_until_it_is_closed(phone: Visit, host: Host) -> None:
    phone.go(host.put_button(more="<a href='#x'>Lien</a>")).open()
    for _ in range(25):
        phone.page.keyboard.press("Tab")
        assert phone.page.evaluate("document.activeElement.localName") != "a"
    phone.page.set_viewport_size(DESKTOP)
    expect(phone.chat.locator("#chat-input")).to_be_visible()
    phone.page.get_by_role("link", name="Lien").focus()
    expect(phone.page.get_by_role("link", name="Lien")).to_be_focused()
    phone.page.set_viewport_size(PHONE)
    phone.page.get_by_role("button", name="Fermer").focus()
    phone.page.keyboard.press("Escape")
    expect(phone.button).to_be_focused()
    expect(phone.page.get_by_role("dialog")).to_have_count(0)


def test_in_a_page_of_another_language_it_is_french_and_left_to_right(visit: Visit, host: Host) -> None:
    page = BARE.replace("lang='fr'", "lang='ar' dir='rtl'").replace("{}", SCRIPT.replace("{}", ""))
    visit.go(host.put("/", page)).open()
    root = visit.page.locator("assistant-participation .root")
    expect(root).to_have_attribute("lang", "fr")
    expect(root).to_have_css("direction", "ltr")
    expect(visit.chat.locator("html")).to_have_attribute("lang", "fr")
    expect(visit.chat.locator("html")).to_have_css("direction", "ltr")


@pytest.mark.parametrize(
    ("system", "declared", "attribute", "dark"),
    [
        pytest.param("light", "dark", "", True, id="a dark page"),
        pytest.param("dark", "light", "", False, id="a light page"),
        pytest.param("dark", "light dark", "", True, id="a page that leaves it"),
        pytest.param("dark", "normal", "data-scheme='clair'", False, id="the option"),
    ],
)
def test_it_has_the_appearance_of_the_page(
    system: Any, declared: str, attribute: str, dark: bool, visit: Visit, host: Host
) -> None:
    visit.page.emulate_media(color_scheme=system)
    visit.go(host.put_button(attribute, more=f"<style>html {{ color-scheme: {declared} }}</style>")).open()
    expect(visit.page.locator("assistant-participation .panel")).to_have_css(
        "background-color", "rgb(20, 26, 36)" if dark else "rgb(255, 255, 255)"
    )
    expect(visit.chat.locator("html")).to_have_class(re.compile(r"\bdark\b" if dark else r"\blight\b"))


def test_it_is_not_printed(visit: Visit, host: Host) -> None:
    visit.go(host.put("/", "<div data-assistant></div>" + SCRIPT.replace("{}", "data-floating")))
    expect(visit.button).to_have_count(2)
    visit.page.emulate_media(media="print")
    for row in range(2):
        expect(visit.page.locator("assistant-participation").nth(row)).to_be_hidden()
    visit.page.emulate_media(media="screen")


@pytest.mark.parametrize("color", ["#7a2e5d", "#ffd400", "#000000"])
def test_the_colour_of_the_site_is_that_of_the_buttons_in_the_frame_and_they_are_read(
    color: str, browser: Browser, host: Host, assistant: Assistant
) -> None:
    assert assistant.running
    for visit in visits(lend_page(browser, bypass_csp=True), host):
        visit.go(host.put_button(f"data-color='{color}'")).open().ask(GERS)
        frame = next(each for each in visit.page.frames if "/chat/" in each.url)
        assert faults(frame) == []
        primary = frame.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--primary')")
        assert primary.strip() != "217 60% 25%"


def test_what_was_asked_before_the_script_was_there_is_done_when_it_comes(visit: Visit, host: Host) -> None:
    queue = (
        "<script>(window.AssistantParticipation ||= []).push("
        "['on', 'opened', () => { window.opened = true; }], ['ask', '{question}']);</script>"
    ).replace("{question}", GERS)
    visit.go(host.put_button(more=queue))
    expect(visit.wait().chat.locator(ANSWERS)).to_contain_text("47 000")
    assert visit.page.evaluate("window.opened")
    visit.page.evaluate("AssistantParticipation.push(['close'])")
    expect(visit.page.get_by_role("dialog")).to_have_count(0)


def test_a_conversation_goes_on_in_a_tab_of_its_own(visit: Visit, host: Host) -> None:
    visit.go(host.put_button("data-annee='2019'")).open().ask(GERS)
    with visit.page.context.expect_page() as opened:
        visit.chat.get_by_role("link", name="Nouvel onglet ↗").click()
    tab = opened.value
    expect(tab.locator(ANSWERS)).to_contain_text("47 000")
    assert "annee=2019" in tab.url
    assert tab.evaluate("window.opener") is None
    tab.locator("#chat-input").fill("et en 2018 ?")
    expect(tab.locator("#chat-submit")).to_be_enabled()
    tab.locator("#chat-submit").click()
    expect(tab.locator(QUESTIONS)).to_have_count(2)
    expect(visit.chat.locator(QUESTIONS)).to_have_count(1)
    tab.close()
    visit.page.context.clear_cookies()  # a page of its own, it may name its conversation


GUIDE = (ROOT / "docs" / "fr" / "integrer.md").read_text(encoding="utf-8")
CALLS = "/api/ask"
EXAMPLES = [
    (kind, dedent(code)) for kind, code in re.findall(r"^ *```(\w*)\n(.*?)^ *```$", GUIDE, re.DOTALL | re.MULTILINE)
]


# From other origins it is tested where the setting that lets them is.
def test_the_example_that_calls_the_interface_works(visit: Visit, host: Host) -> None:
    (code,) = (code.replace("https://assistant.exemple.fr", host.assistant) for _, code in EXAMPLES if CALLS in code)
    visit.page.goto(host.assistant)
    answer = visit.page.evaluate(f"async () => {{ {code} return answer; }}")
    assert "/fiches/" in answer["citations"][0]["url"]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        pytest.param(*each, id=f"{row} {each[0] or 'policy'}")
        for row, each in enumerate(EXAMPLES)
        if CALLS not in each[1]
    ],
)
def test_each_example_of_the_guide_works(kind: str, code: str, visit: Visit, host: Host, assistant: Assistant) -> None:
    code = code.replace("https://assistant.exemple.fr", host.assistant)
    script, policy = SCRIPT.replace("{}", ""), ""
    if kind == "html":
        body = code
    elif kind == "css":
        body = f"<style>{code}</style>{script}"
    elif kind == "php":
        body = re.search(r"echo '(.*)';", code)[1]  # type: ignore[index]
    elif kind == "js":
        body = script
    else:
        rules = code.partition("Content-Security-Policy: ")[2] or f"default-src 'none'; {code}"
        policy = " ".join(rules.split())
        body = script if "script-src" in policy else write_snippet(Options(form="cadre"), host.assistant)
    host.pages["/jeton-assistant"] = (vouch_token(host.assistant, iss=assistant.origins[0]), "")
    visit.go(host.put("/", body, policy))
    if kind == "js":
        visit.page.evaluate(f"() => {{ {code} }}")
    if "iframe" in body:
        expect(visit.page.frame_locator("iframe").locator("#chat-input")).to_be_visible()
        return
    asks = visit.page.locator("[data-assistant-ask]")
    if asks.count():
        asks.click()
    elif "AssistantParticipation" not in code:
        visit.page.get_by_role("button", name="Poser une question").click()
    elif "vouch" in code:
        visit.open()
        expect(visit.chat.locator(".reader-line")).to_contain_text("Alix")
    visit.wait()
    if "jeunes" in code:
        expect(visit.chat.locator(ANSWERS)).to_contain_text("[1]")
    if kind == "css":
        box = visit.page.get_by_role("dialog").bounding_box()
        assert box is not None
        assert (box["width"], box["height"], box["x"]) == (480, 560, DESKTOP["width"] - 24 - 480)
        expect(visit.page.get_by_role("dialog")).to_have_css("border-radius", "4px")
        expect(visit.button).to_have_css("font-family", "Georgia, serif")
