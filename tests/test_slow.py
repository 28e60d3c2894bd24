"""A slow line: one writes long before the chat is whole, no question is lost, what failed was tried again before."""

import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from accessibility import find_faults
from conftest import DESKTOP, PHONE, Chat, open_chat
from playwright.sync_api import Browser, Page, Route, expect

GERS = "Combien de personnes ont voté au budget participatif du Gers en 2019 ?"
LINE = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}  # ms, bytes a second
FREE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
SCRIPT = "**/chat/assets/index-*.js*"


@pytest.fixture
def chat(browser: Browser, server: str) -> Iterator[Chat]:
    yield from open_chat(browser, server, bypass_csp=True)


@pytest.mark.parametrize("viewport", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_on_a_slow_line_one_writes_within_eight_seconds_and_the_question_is_sent_once(
    viewport: dict[str, int], browser: Browser, server: str
) -> None:
    context = browser.new_context(locale="fr-FR", viewport=viewport)  # type: ignore[arg-type]
    chat = Chat(context.new_page(), server)
    line = context.new_cdp_session(chat.page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    start = time.monotonic()
    chat.page.goto(f"{server}/chat/", wait_until="commit")
    field = chat.page.get_by_label("Votre question")
    expect(field).to_be_focused()
    chat.page.keyboard.type(GERS)
    written = time.monotonic() - start
    print(f"written after {written:.1f} s")
    assert written <= 8
    expect(field).to_have_id("early-input")
    chat.page.keyboard.press("Enter")
    expect(chat.page.get_by_text("votre question partira dès qu’elle est là")).to_be_visible()
    line.send("Network.emulateNetworkConditions", FREE)
    expect(chat.wait_for_answer(0)).to_contain_text("47 000")
    expect(chat.page.locator("[data-step-type=user_message]")).to_have_count(1)
    expect(chat.page.locator("#early-input")).to_have_count(0)
    assert (chat.errors, chat.elsewhere) == ([], [])
    context.close()


def hold_script(page: Page) -> list[Route]:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(SCRIPT, hold)
    return held


def _first(chat: Chat, held: list[Route]) -> Route:
    while not held:
        chat.page.wait_for_timeout(50)
    return held[0]


def test_what_is_being_written_when_the_chat_comes_is_in_its_field_with_the_cursor(chat: Chat) -> None:
    held = hold_script(chat.page)
    chat.page.goto(f"{chat.server}/chat/", wait_until="commit")
    chat.page.get_by_label("Votre question").fill("Combien au Gers ?")
    for _ in range(5):
        chat.page.keyboard.press("ArrowLeft")
    _first(chat, held).continue_()
    expect(chat.page.locator("#chat-input")).to_be_focused()
    expect(chat.page.locator("#chat-input")).to_have_value("Combien au Gers ?")
    chat.page.wait_for_timeout(500)
    chat.page.keyboard.type("x")
    expect(chat.page.locator("#chat-input")).to_have_value("Combien au Gxers ?")
    expect(chat.page.locator("#chat-submit")).to_be_enabled()
    expect(chat.page.locator("[data-step-type]")).to_have_count(0)


def test_a_question_of_the_address_is_seen_at_once(chat: Chat) -> None:
    held = hold_script(chat.page)
    chat.page.goto(f"{chat.server}/chat/?question={quote(GERS)}", wait_until="commit")
    expect(chat.page.get_by_label("Votre question")).to_have_value(GERS)
    for scheme in ("light", "dark"):
        chat.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert [each["id"] for each in find_faults(chat.page)] == []
    _first(chat, held).continue_()
    expect(chat.wait_for_answer(0)).to_contain_text("47 000")
    expect(chat.page.locator("[data-step-type=user_message]")).to_have_count(1)


def test_a_script_that_did_not_come_is_asked_for_again_and_the_question_is_kept(chat: Chat) -> None:
    held = hold_script(chat.page)
    chat.page.goto(f"{chat.server}/chat/", wait_until="commit")
    chat.page.get_by_label("Votre question").fill(GERS)
    chat.page.keyboard.press("Enter")
    _first(chat, held).abort()
    expect(chat.page.get_by_text("La connexion est lente")).to_be_visible()
    chat.page.unroute(SCRIPT)
    expect(chat.wait_for_answer(0)).to_contain_text("47 000")
    expect(chat.page.locator("[data-step-type=user_message]")).to_have_count(1)


def test_after_four_tries_it_is_said_to_have_failed_with_another_way(chat: Chat) -> None:
    asked: list[Route] = []

    def refuse(route: Route) -> None:
        asked.append(route)
        route.abort()

    chat.page.route(SCRIPT, refuse)
    chat.page.clock.install()
    chat.page.goto(f"{chat.server}/chat/", wait_until="commit")
    chat.page.get_by_label("Votre question").fill(GERS)
    note = chat.page.locator(".early [role=status]")
    for _ in range(4):
        expect(note).not_to_be_empty()
        chat.page.wait_for_timeout(200)
        chat.page.clock.fast_forward(5_000)
    expect(note).to_contain_text("La conversation ne se charge pas")
    assert len(asked) == 4
    note.get_by_role("link", name="Poser la question sur une page simple").click()
    expect(chat.page.get_by_text("47 000").first).to_be_visible()
