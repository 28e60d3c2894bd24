"""A visitor's conversations: gone with the page, or kept in the browser alone when the visitor asks for it."""

import json
from collections.abc import Iterator

import pytest
from conftest import Chat, open_chat
from playwright.sync_api import Browser, Page, expect

FIRST = "un budget participatif dans le Gers"
FOLLOWING = "le premier, combien de votants en 2019 ?"
KEPT = "assistant-conversations"


@pytest.fixture
def chat(browser: Browser, server: str) -> Iterator[Chat]:
    for chat in open_chat(browser, server):
        yield chat.open()


def read_kept(page: Page) -> list[list[str]]:
    """The questions of each conversation that the browser keeps, newest first."""
    kept = page.evaluate(f"JSON.parse(localStorage.getItem('{KEPT}') || '[]')")
    return [[turn["query"] for turn in each["turns"]] for each in kept]


def agree(chat: Chat) -> None:
    chat.page.get_by_text("Mes conversations", exact=True).click()
    chat.page.get_by_label("Garder mes conversations dans ce navigateur").check()


def test_nothing_that_a_visitor_asks_outlives_the_tab_unasked(chat: Chat) -> None:
    chat.ask(FIRST)
    stored = chat.page.evaluate("JSON.stringify({...localStorage})")
    assert "Gers" not in stored
    assert KEPT not in json.loads(stored)


def test_a_kept_conversation_is_taken_up_and_goes_on_where_it_was(chat: Chat) -> None:
    agree(chat)
    chat.ask(FIRST)
    chat.ask("Quelles communes ont tiré des habitants au sort ?")
    chat.page.get_by_role("button", name="Nouvelle conversation").click()
    chat.page.locator("#confirm").click()
    expect(chat.answers).to_have_count(0)
    chat.ask(FIRST)
    assert read_kept(chat.page) == [[FIRST], [FIRST, "Quelles communes ont tiré des habitants au sort ?"]]

    again = Chat(chat.page.context.new_page(), chat.server).open()
    again.page.get_by_text("Mes conversations", exact=True).click()
    kept = again.page.locator(".kept").get_by_role("link", name=FIRST)
    expect(kept).to_have_count(2)
    kept.first.click()
    expect(again.wait_for_answer(0)).to_contain_text("[1]")
    expect(again.ask(FOLLOWING)).to_contain_text("47 000")
    assert read_kept(again.page)[0] == [FIRST, FOLLOWING]
    assert len(read_kept(again.page)) == 2
    assert again.errors == []


def test_unticking_erases_all_that_was_kept(chat: Chat) -> None:
    agree(chat)
    chat.ask(FIRST)
    assert read_kept(chat.page) == [[FIRST]]
    if not chat.page.get_by_label("Garder mes conversations").is_visible():
        chat.page.get_by_text("Mes conversations", exact=True).click()
    chat.page.get_by_label("Garder mes conversations").uncheck()
    assert chat.page.evaluate(f"localStorage.getItem('{KEPT}')") is None
    chat.ask("Quelles communes ont tiré des habitants au sort ?")
    assert chat.page.evaluate(f"localStorage.getItem('{KEPT}')") is None


def test_a_spoiled_store_offers_nothing_and_breaks_nothing(chat: Chat) -> None:
    chat.page.evaluate(f"localStorage.setItem('{KEPT}', '[{{\"turns\": 3}}, null]')")
    chat.page.reload()
    expect(chat.ask(FIRST)).to_contain_text("[1]")
    assert chat.errors == []
