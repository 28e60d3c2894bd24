"""A conversation stays for the life of its tab, and goes with it."""

from collections.abc import Iterator

import pytest
from conftest import DESKTOP, PHONE, Chat, open_chat
from playwright.sync_api import Browser, WebSocketRoute, expect

GERS = "Combien de personnes ont voté au budget participatif du Gers en 2019 ?"
LOT = "Quelles communes ont tiré des habitants au sort ?"


@pytest.fixture(params=[pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def chat(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Chat]:
    for chat in open_chat(browser, server, viewport=request.param):
        yield chat.open()


def expect_questions(chat: Chat, *questions: str) -> None:
    """The conversation has these questions, each with its answer, in this order."""
    asked = chat.page.locator("[data-step-type=user_message]")
    expect(asked).to_have_count(len(questions))
    expect(chat.answers).to_have_count(len(questions))
    for row, question in enumerate(questions):
        expect(asked.nth(row)).to_contain_text(question)


def test_reload_back_and_forward_find_the_conversation_and_it_goes_on(chat: Chat) -> None:
    chat.ask(GERS)
    chat.ask(LOT)
    chat.page.reload()
    expect_questions(chat, GERS, LOT)
    expect(chat.answers.nth(0)).to_contain_text("47 000")
    chat.page.get_by_role("link", name="Accueil").click()
    expect(chat.page).to_have_url(f"{chat.server}/")
    chat.page.go_back()
    expect_questions(chat, GERS, LOT)
    chat.page.go_back()
    chat.page.go_forward()
    expect_questions(chat, GERS, LOT)
    expect(chat.ask("et celui du Gers, en quelle année a-t-il commencé ?")).to_contain_text("2018")
    chat.page.reload()
    expect(chat.page.locator("[data-step-type=user_message]")).to_have_count(3)
    expect(chat.answers.nth(0).get_by_role("button", name="Copier avec les sources")).to_be_visible()


def test_a_question_of_an_address_comes_after_what_was_said_before(chat: Chat) -> None:
    chat.ask(LOT)
    chat.page.goto(f"{chat.server}/")
    chat.page.get_by_label("Votre question").fill(GERS)
    chat.page.keyboard.press("Enter")
    expect_questions(chat, LOT, GERS)
    chat.page.reload()
    expect_questions(chat, LOT, GERS)


def test_a_new_conversation_and_another_tab_begin_without_it(chat: Chat) -> None:
    chat.ask(GERS)
    other = Chat(chat.page.context.new_page(), chat.server).open()
    expect(other.page.locator("#chat-submit")).to_be_visible()
    other.page.wait_for_timeout(1000)
    expect(other.answers).to_have_count(0)
    chat.page.get_by_role("button", name="Nouvelle conversation").click()
    chat.page.locator("#confirm").click()
    expect(chat.answers).to_have_count(0)
    chat.ask(LOT)
    chat.page.reload()
    expect_questions(chat, LOT)


def test_only_what_the_server_gave_is_shown_again(chat: Chat) -> None:
    chat.ask(GERS)
    forged = "found.sealed = found.sealed.map((each) => each.slice(0, -2) + 'xx')"
    script = f"const found = JSON.parse(sessionStorage['assistant-tab']); {forged}; "
    chat.page.evaluate(f"() => {{ {script} sessionStorage['assistant-tab'] = JSON.stringify(found); }}")
    chat.page.reload()
    expect(chat.ask(LOT)).to_be_visible()
    expect(chat.answers).to_have_count(1)
    chat.page.evaluate("sessionStorage['assistant-tab'] = '{\"turns\": 3'")
    chat.page.reload()
    chat.ask(LOT)
    assert chat.errors == []


def test_a_question_sent_before_the_connection_is_there_is_kept_and_sent(browser: Browser, server: str) -> None:
    waiting: list[WebSocketRoute] = []

    def hold(socket: WebSocketRoute) -> None:
        waiting.append(socket)

    for chat in open_chat(browser, server):
        chat.page.route_web_socket("**/ws/socket.io/**", hold)
        chat.open()
        field = chat.page.locator("#chat-input")
        field.fill(GERS)
        expect(chat.page.locator("#chat-submit")).to_be_disabled()
        field.press("Enter")
        expect(chat.page.get_by_text("votre question partira dès qu’elle est là")).to_be_visible()
        expect(field).to_have_value(GERS)
        for each in waiting:
            each.connect_to_server()
        expect(chat.page.locator("[data-step-type=user_message]")).to_have_count(1)
        expect(chat.wait_for_answer(0)).to_contain_text("47 000")
        expect(field).to_be_empty()
