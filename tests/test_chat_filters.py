"""The filters of a whole conversation: the panel, the bar over the field, the address."""

from collections.abc import Iterator

import pytest
from conftest import DESKTOP, PHONE, Chat, open_chat
from playwright.sync_api import Browser, Locator, expect

BUDGETS = "des budgets participatifs"


@pytest.fixture(params=[pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def chat(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Chat]:
    yield from open_chat(browser, server, viewport=request.param)


def chips(chat: Chat) -> Locator:
    return chat.page.get_by_role("list", name="Filtres de la conversation").get_by_role("button")


def test_filters_are_chosen_with_the_keyboard_and_hold_for_every_question(chat: Chat) -> None:
    page = chat.open().page
    opener = page.get_by_role("button", name="Filtrer les fiches")
    opener.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Chercher seulement parmi")
    panel.locator("summary", has_text="Année").focus()
    page.keyboard.press("Enter")
    panel.get_by_label("2019").focus()
    page.keyboard.press("Space")
    expect(panel.get_by_role("status")).to_contain_text("correspondent")
    page.keyboard.press("Enter")
    expect(panel).to_have_count(0)
    expect(opener).to_be_focused()
    expect(chips(chat)).to_have_text(["Retirer le filtre 2019 ×"])
    expect(page).to_have_url(f"{chat.server}/chat/?annee=2019")
    for row, question in enumerate((BUDGETS, "et pour les jeunes ?")):
        answer = chat.ask(question)
        expect(answer).to_contain_text("Cherché seulement parmi")
        years = answer.locator(".cards li p:nth-of-type(3)").all_inner_texts()
        assert years, row
        assert all("2019" in year for year in years)


def test_escape_closes_the_panel_without_changing_anything(chat: Chat) -> None:
    page = chat.open("/chat/?annee=2019").page
    page.get_by_role("button", name="Filtrer les fiches").click()
    panel = page.get_by_role("dialog", name="Chercher seulement parmi")
    expect(panel.get_by_label("2019")).to_be_checked()
    panel.get_by_label("2019").uncheck()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.get_by_role("button", name="Filtrer les fiches")).to_be_focused()
    expect(chips(chat)).to_have_count(1)


def test_the_address_sets_filters_and_a_chip_removes_one(chat: Chat) -> None:
    page = chat.open("/chat/?porteur=PV&annee=2019&annee=1789").page
    expect(chips(chat)).to_have_count(3)
    page.get_by_role("button", name="Retirer le filtre 1789").click()
    page.get_by_role("button", name="Retirer le filtre Petite ville").click()
    expect(page).to_have_url(f"{chat.server}/chat/?annee=2019")
    expect(chips(chat)).to_have_count(1)
    expect(chips(chat).first).to_be_focused()
    page.reload()
    expect(chips(chat)).to_have_count(1)


def test_what_filters_keep_from_being_found_is_found_without_them(chat: Chat) -> None:
    chat.open("/chat/?annee=2016&region=32")
    answer = chat.ask("un budget participatif dans le Gers")
    answer.get_by_role("button", name="Chercher sans ces filtres").click()
    expect(chat.wait_for_answer(1)).to_contain_text("Budget participatif gersois")
    expect(chips(chat)).to_have_count(0)


def test_an_edited_question_is_asked_with_the_filters_of_now(chat: Chat) -> None:
    page = chat.open("/chat/?annee=2016").page
    chat.ask("Combien de fiches sur l'environnement ?")
    page.get_by_role("button", name="Retirer le filtre 2016").first.click()
    page.get_by_role("button", name="Modifier la question").click()
    page.get_by_label("Question modifiée").fill("Combien de fiches sur l'environnement ?!")
    page.locator(".confirm-edit").click()
    expect(chat.answers.first).to_contain_text("11 fiches")


def test_the_centre_answers_about_itself_whatever_the_filters(chat: Chat) -> None:
    chat.open("/chat/?annee=2016")
    expect(chat.ask("Comment adhérer ?")).to_contain_text("contact@deciderensemble.com")


def test_the_address_of_a_sheet_asks_about_it_once(chat: Chat) -> None:
    page = chat.open("/chat/?sheet=1&annee=2019").page
    expect(chat.wait_for_answer(0)).to_be_visible()
    expect(page.locator("[data-step-type=user_message]")).to_have_count(1)
    title = page.request.get(f"{chat.server}/api/sheets/1").json()["title"]
    expect(page.locator("[data-step-type=user_message]")).to_contain_text(title)
    expect(page).to_have_url(f"{chat.server}/chat/?annee=2019")


def test_a_sheet_that_is_not_there_asks_nothing(browser: Browser, server: str) -> None:
    for chat in open_chat(browser, server):
        chat.open("/chat/?sheet=%22%3E%3Cimg%20src=x%20onerror=window.hacked=1%3E")
        expect(chat.page.locator("#starters button").first).to_be_enabled()
        expect(chat.page.locator("[data-step-type]")).to_have_count(0)
        assert chat.page.evaluate("window.hacked") is None
