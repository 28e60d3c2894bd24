"""What stands under the answers of the chat, in a real browser: cards, map, counts, timeline, what to ask next."""

import re
from collections.abc import Iterator

import pytest
from conftest import Chat, open_chat
from playwright.sync_api import Browser, expect

CLIMATE = "Des exemples de plan climat"


@pytest.fixture
def chat(browser: Browser, server: str) -> Iterator[Chat]:
    yield from open_chat(browser, server)


def test_what_stands_under_an_answer_comes_in_the_order_in_which_it_is_read(chat: Chat) -> None:
    answer = chat.open().ask("Combien de fiches sur l'environnement ?")
    expect(answer.get_by_role("group", name="Emporter la réponse")).to_be_visible()
    names = answer.locator(".inline-custom > [role=group]").evaluate_all("all => all.map((each) => each.className)")
    kinds = [name.split()[0] for name in names]
    assert kinds[:5] == ["cards", "counts", "understood", "next", "take-away"]


def test_the_map_is_opened_by_a_button_and_its_marks_open_sheets(chat: Chat) -> None:
    answer = chat.open().ask(CLIMATE)
    button = answer.get_by_role("button", name="Voir sur la carte")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(answer.get_by_role("group", name="Carte des exemples")).to_have_count(0)
    button.click()
    marks = answer.get_by_role("group", name="Carte des exemples").get_by_role("link")
    expect(marks).to_have_count(4)
    grenoble = marks.filter(has=chat.page.get_by_text("Grenoble", exact=False)).first
    expect(grenoble).to_have_accessible_name("Convention citoyenne métropolitaine pour le climat, Grenoble")
    grenoble.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.page.locator("#side-view-title")).to_contain_text("Convention citoyenne métropolitaine")
    expect(chat.page.locator(".sheet-card mark")).to_have_count(0)
    chat.page.get_by_role("button", name="Fermer la fiche").click()
    expect(grenoble).to_be_focused()


def test_a_mark_of_several_sheets_lists_them(chat: Chat) -> None:
    answer = chat.open().ask("Toutes les fiches du centre")
    expect(answer.get_by_role("group", name="Emporter la réponse")).to_be_visible()  # nothing moves any more
    answer.get_by_role("button", name="Voir sur la carte").click()
    several = answer.get_by_role("link", name=re.compile(r": \d+ fiches$")).first
    several.click()
    expect(answer.locator(".map").get_by_role("listitem").first).to_be_visible()
    answer.locator(".map").get_by_role("listitem").first.get_by_role("button").click()
    expect(chat.page.locator(".sheet-card")).to_be_visible()


def test_counts_of_a_list_narrow_it(chat: Chat) -> None:
    answer = chat.open().ask("Combien de fiches sur l'environnement ?")
    expect(answer).to_contain_text("11 fiches")
    answer.get_by_text("Répartition").click()
    year = answer.get_by_role("group", name="Répartition").get_by_role("button", name=re.compile("^2019"))
    count = int(year.locator(".count").inner_text())
    year.click()
    again = chat.wait_for_answer(1)
    expect(again).to_contain_text(f"{count} fiche")
    expect(again.get_by_role("button", name="Retirer le filtre 2019")).to_be_visible()
    again.get_by_role("button", name="Retirer le filtre 2019").click()
    expect(chat.wait_for_answer(2)).to_contain_text("11 fiches")


def test_a_suggestion_asks_its_question(chat: Chat) -> None:
    answer = chat.open().ask(CLIMATE)
    answer.get_by_role("group", name="Et ensuite ?").get_by_role("button", name="Comparer les deux premiers").click()
    expect(chat.page.locator("[data-step-type=user_message]").nth(1)).to_contain_text("Compare les deux premiers")
    expect(chat.wait_for_answer(1).get_by_role("table")).to_be_visible()


def test_the_steps_of_a_sheet_are_drawn_as_a_timeline_in_the_answer_and_in_the_sheet(chat: Chat) -> None:
    answer = chat.open().ask("Parle-moi du budget participatif gersois")
    expect(answer.locator(".prose ol").first).to_have_css("list-style-type", "none")
    answer.locator('a[href="#citation-1"]').first.click()
    expect(chat.page.locator(".sheet-card ol.timeline li").nth(1)).to_be_visible()


def test_a_sheet_beside_the_chat_leads_to_its_page_and_to_questions_on_it(chat: Chat) -> None:
    answer = chat.open().ask(CLIMATE)
    answer.locator('a[href="#citation-1"]').first.click()
    sheet = chat.page.locator(".sheet-card")
    with chat.page.context.expect_page() as opened:
        sheet.get_by_role("link", name="Page de la fiche").click()
    expect(opened.value).to_have_url(re.compile(r"/fiches/\d+$"))
    opened.value.close()
    sheet.get_by_role("button", name="Poser une question sur cette fiche").click()
    expect(chat.page.locator("[data-step-type=user_message]").nth(1)).to_contain_text(
        "Convention citoyenne métropolitaine"
    )
    chat.wait_for_answer(1)
