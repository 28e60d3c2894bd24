"""The English interface of the chat: our words and Chainlit's, around answers that stay in French."""

import json
import re
from collections.abc import Iterator

import pytest
from conftest import Chat, open_chat
from playwright.sync_api import Browser, expect

from assistant.settings import ROOT


@pytest.fixture
def chat(browser: Browser, server: str) -> Iterator[Chat]:
    yield from open_chat(browser, server, locale="en-GB")


def test_a_browser_in_english_gets_english_around_french_answers(chat: Chat) -> None:
    page = chat.open().page
    assert page.evaluate("document.documentElement.lang") == "en"
    expect(page.locator("#welcome-screen")).to_contain_text("35 sheets")
    expect(page.locator("#chat-input")).to_have_attribute("placeholder", "Your question about public participation…")
    answer = chat.ask("Which towns used sortition?")
    expect(answer.get_by_role("group", name="Sheets quoted")).to_be_visible()
    expect(answer.get_by_role("group", name="What next?").get_by_role("button").first).to_have_text(
        "Compare the first two examples"
    )
    expect(answer.locator(".prose").first).to_have_attribute("lang", "fr")
    expect(answer.locator(".cards .title button").first).to_have_attribute("lang", "fr")
    answer.locator('a[href="#citation-1"]').first.click()
    expect(page.locator(".sheet-card")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("button", name="Ask about this sheet")).to_be_visible()
    page.get_by_role("button", name="Close the sheet").click()
    expect(page.locator(".sheet-card")).to_have_count(0)


def test_notices_are_in_english_too(chat: Chat) -> None:
    expect(chat.open().ask("participation " * 200)).to_contain_text("too long")


@pytest.mark.parametrize(
    ("locale", "path", "language"),
    [
        ("en-GB", "/chat/?lang=fr", "fr"),
        ("fr-FR", "/chat/?lang=en", "en"),
        ("de-DE", "/chat/", "fr"),
        ("fr-CA", "/chat/", "fr"),
    ],
)
def test_the_address_forces_the_language_and_others_get_french(
    browser: Browser, server: str, locale: str, path: str, language: str
) -> None:
    for chat in open_chat(browser, server, locale=locale):
        page = chat.open(path).page
        assert page.evaluate("document.documentElement.lang") == language
        expect(page.locator(".filter-open")).to_have_text(
            "Filter the sheets" if language == "en" else "Filtrer les fiches"
        )
        failed = chat.ask("participation " * 200)
        expect(failed).to_contain_text("too long" if language == "en" else "trop longue")
        expect(page).to_have_url(f"{server}{path}")


def test_both_languages_have_the_same_words() -> None:
    folder = ROOT / "assistant" / "chat" / "root"
    script = (folder / "scripts" / "words.js").read_text(encoding="utf-8")
    french, english = (part for part in re.split(r"\n    (?:fr|en): \{\n", script)[1:])
    keys = re.compile(r"(?:^|[{,]\s*|^\s+)(\w+):", re.MULTILINE)
    assert sorted(set(keys.findall(french))) == sorted(set(keys.findall(english)))
    ours = [json.loads((folder / "translations" / f"{name}.json").read_text()) for name in ("fr-FR", "en-US")]
    assert ours[0].keys() == ours[1].keys()
