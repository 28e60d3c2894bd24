"""What one sees on a phone, on a low window and at a high zoom; and that a program answers."""

import io
from collections.abc import Iterator

import httpx
import pytest
from accessibility import find_faults
from conftest import DESKTOP, PHONE, Chat, open_chat
from docx import Document
from playwright.sync_api import Browser, expect

COMPARE = "Compare les budgets participatifs du Gers et des Landes"


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Chat]:
    for chat in open_chat(browser, server, viewport=PHONE, bypass_csp=True):
        yield chat.open()


def test_what_one_writes_with_takes_a_seventh_of_a_phone(phone: Chat) -> None:
    phone.ask(COMPARE)
    log = "document.querySelector('[role=log]').closest('.overflow-y-auto')"
    taken = phone.page.evaluate(f"innerHeight - {log}.getBoundingClientRect().bottom")
    assert taken <= 0.15 * PHONE["height"]


def test_a_comparison_is_stacked_and_stays_a_table_to_the_ear(phone: Chat) -> None:
    answer = phone.ask(COMPARE)
    table = answer.get_by_role("table")
    assert table.evaluate("each => each.parentElement.scrollWidth <= each.parentElement.clientWidth + 1")
    cell = table.get_by_role("row").nth(1).get_by_role("cell").nth(1)
    assert "gersois" in cell.evaluate("each => getComputedStyle(each, '::before').content")
    for scheme in ("light", "dark"):
        phone.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert [each["id"] for each in find_faults(phone.page)] == []


def test_the_comment_box_after_no_is_seen(phone: Chat) -> None:
    phone.ask(COMPARE)
    phone.page.get_by_role("button", name="Non", exact=True).click()
    expect(phone.page.get_by_role("button", name="Envoyer le commentaire")).to_be_in_viewport(ratio=1)


def test_escape_closes_the_sheet_beside_the_chat_and_the_focus_goes_back(browser: Browser, server: str) -> None:
    for chat in open_chat(browser, server):
        answer = chat.open().ask("un budget participatif dans le Gers")
        mark = answer.get_by_role("link", name="[1]").first
        mark.click()
        expect(chat.page.locator(".sheet-card")).to_be_visible()
        expect(chat.page.locator("#side-view-title")).to_be_focused()
        chat.page.keyboard.press("Escape")
        expect(chat.page.locator(".sheet-card")).to_have_count(0)
        expect(mark).to_be_focused()


def test_at_200_percent_the_question_box_is_above_the_fold(browser: Browser, server: str) -> None:
    page = browser.new_page(viewport={"width": 640, "height": 430}, locale="fr-FR")
    page.goto(server)
    expect(page.get_by_label("Votre question")).to_be_in_viewport(ratio=1)
    page.close()


def test_it_is_said_that_a_program_answers(browser: Browser, server: str) -> None:
    for language, said in (("fr", "Un programme vous répond, pas une personne."), ("en", "A program answers you")):
        for chat in open_chat(browser, server):
            chat.open(f"/chat/?lang={language}")
            expect(chat.page.get_by_text(said)).to_be_visible()
    for path in ("/", "/reponse"):
        assert "un programme qui répond, pas une personne" in httpx.get(f"{server}{path}").text
    asked = {"question": "un budget participatif dans le Gers"}
    assert 'name="generator" content="Assistant' in httpx.get(f"{server}/reponse", params=asked).text
    word = Document(io.BytesIO(httpx.get(f"{server}/reponse.docx", params=asked).content))
    assert "composé par un programme" in word.core_properties.comments


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE, {"width": 1280, "height": 600}, {"width": 640, "height": 430}])
def test_no_button_stands_over_the_card_of_an_answer(viewport: dict[str, int], browser: Browser, server: str) -> None:
    covered = """() => [...document.querySelectorAll('.cards li')].some((card) => {
      card.scrollIntoView({ block: 'end' });
      const { left, right, top, bottom } = card.getBoundingClientRect();
      const points = [[left + 4, bottom - 4], [(left + right) / 2, (top + bottom) / 2], [right - 4, bottom - 4]];
      return points.some(([x, y]) => !card.contains(document.elementFromPoint(x, y)));
    })"""
    for chat in open_chat(browser, server, viewport=viewport):
        chat.open().ask("un budget participatif dans le Gers")
        chat.page.locator(".cards summary").click()
        expect(chat.page.locator(".cards li").first).to_be_visible()
        assert not chat.page.evaluate(covered)
        assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
