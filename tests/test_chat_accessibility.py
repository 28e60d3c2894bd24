"""The chat for everyone: axe in each of its states, the keyboard, the ears, small screens."""

import re

import pytest
from accessibility import find_faults
from conftest import DESKTOP, PHONE, open_chat
from playwright.sync_api import Browser, Page, expect

# Colours are those that stay: nothing that fades in or moves to its place is still on its way.
STILL = """() => {
    const seen = (each) => ['', '0', '1'].includes(each.style.opacity);
    const still = (each) => each.playState !== 'running' || each.effect.getTiming().iterations === Infinity;
    return [...document.querySelectorAll('[style*=opacity]')].every(seen) && document.getAnimations().every(still);
}"""
CLIMATE = "Des exemples de plan climat"


def check(page: Page, state: str) -> None:
    page.wait_for_timeout(400)  # what opens begins to move
    page.wait_for_function(STILL)
    faults = [(each["id"], each["impact"], [node["html"] for node in each["nodes"]]) for each in find_faults(page)]
    assert faults == [], state
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), state


def choose_look(page: Page, name: str) -> list[str]:
    """Choose an appearance in its menu, and give what that makes of the page."""
    page.locator("#theme-toggle").click()
    page.get_by_role("menuitem", name=name).click()
    expect(page.get_by_role("menu")).to_have_count(0)
    return list(
        page.evaluate(
            "() => { const { className, style } = document.documentElement; return [className, style.cssText]; }"
        )
    )


def wear(page: Page, look: list[str]) -> None:
    page.evaluate("([name, style]) => { Object.assign(document.documentElement, { className: name, style }); }", look)


@pytest.mark.parametrize("viewport", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_no_state_of_the_chat_has_a_fault_that_axe_sees_light_or_dark(
    browser: Browser, server: str, viewport: object
) -> None:
    def check_both(state: str) -> None:
        for look in looks:
            wear(page, look)
            check(page, f"{state}, {look[0]}")

    # axe is put in the page, which its policy rightly refuses to others.
    for chat in open_chat(browser, server, viewport=viewport, bypass_csp=True):
        page = chat.open().page
        looks = [choose_look(page, "Thème sombre"), choose_look(page, "Thème clair")]
        assert [look[0] for look in looks] == ["dark", "light"]
        check_both("welcome")
        page.get_by_text("À propos").click()
        answer = chat.ask(CLIMATE)
        check_both("answer")
        answer.get_by_role("button", name="Voir sur la carte").click()
        check_both("map")
        answer.locator('a[href="#citation-1"]').first.click()
        expect(page.locator(".sheet-card")).to_be_visible()
        check_both("sheet")
        page.get_by_role("button", name=re.compile("^Fermer")).first.click()
        chat.ask("Compare les deux premiers")
        check_both("comparison")
        chat.ask("Combien de fiches sur l'environnement ?").get_by_text("Répartition").click()
        check_both("listing")
        page.get_by_role("button", name="Filtrer les fiches").click()
        check_both("filters")


def test_the_english_interface_has_no_fault_either(browser: Browser, server: str) -> None:
    for chat in open_chat(browser, server, locale="en-US", bypass_csp=True):
        page = chat.open().page
        check(page, "welcome")
        chat.ask("How many sheets are about participatory budgets?").get_by_text("Breakdown").click()
        check(page, "listing, with no heading of another answer before it")
        chat.ask("Which towns used sortition?")
        check(page, "answer")
        page.get_by_role("button", name="Filter the sheets").click()
        check(page, "filters")


def test_conversations_kept_in_the_browser_are_offered_without_a_fault(browser: Browser, server: str) -> None:
    for chat in open_chat(browser, server, viewport=PHONE, bypass_csp=True):
        page = chat.open().page
        page.get_by_text("Mes conversations", exact=True).click()
        page.get_by_label("Garder mes conversations dans ce navigateur").check()
        chat.ask(CLIMATE)
        page.reload()
        page.get_by_text("Mes conversations", exact=True).click()
        expect(page.locator(".kept").get_by_role("link", name=CLIMATE)).to_be_visible()
        check(page, "kept")


def test_at_400_percent_nothing_scrolls_sideways_and_a_comparison_is_stacked(browser: Browser, server: str) -> None:
    for chat in open_chat(browser, server, viewport={"width": 320, "height": 256}):
        page = chat.open().page
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        answer = chat.ask("Compare le budget participatif du Gers et celui de Paris")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        expect(answer.locator(".prose").first).to_be_in_viewport()  # the field where one writes leaves room to read
        table = answer.get_by_role("table")
        assert table.evaluate("each => each.scrollWidth <= each.parentElement.clientWidth")
        cells = table.get_by_role("row").nth(1).get_by_role("cell")
        tops = [cells.nth(row).bounding_box() for row in range(2)]
        assert all(tops)
        assert tops[0]["y"] < tops[1]["y"], "one under another"


def test_an_answer_is_told_once_to_those_who_do_not_see_it(browser: Browser, server: str) -> None:
    for chat in open_chat(browser, server):
        page = chat.open().page
        page.evaluate(
            """() => {
                window.told = [];
                const status = document.querySelector('.for-ears-only [role=status]');
                new MutationObserver(() => window.told.push(status.textContent)).observe(status, { childList: true });
            }"""
        )
        chat.ask(CLIMATE)
        page.wait_for_function("() => window.told.length > 1")
        told = page.evaluate("window.told")
        assert told[0] == "Recherche dans les fiches…"
        assert re.match(r"Réponse : Voici \d exemples, choisis et rangés par un programme", told[1])
        assert len(told) == 2
        expect(page.get_by_role("log", name="Conversation")).to_have_attribute("aria-live", "off")


def test_all_under_an_answer_is_reached_with_the_tab_key(browser: Browser, server: str) -> None:
    for chat in open_chat(browser, server):
        page = chat.open().page
        answer = chat.ask(CLIMATE)
        answer.locator('a[href="#citation-1"]').first.focus()
        reached = []
        for _ in range(50):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.innerText || document.activeElement.ariaLabel || ''"))
        for wanted in (
            "Page de la fiche",
            "Voir sur la carte",
            "Comparer les deux",
            "Copier avec",
            "Filtrer les fiches",
        ):
            assert any(text.startswith(wanted) for text in reached), (wanted, reached)


def test_nothing_moves_for_those_who_do_not_want_it(browser: Browser, server: str) -> None:
    for chat in open_chat(browser, server, reduced_motion="reduce"):
        page = chat.open().page
        chat.ask(CLIMATE)
        slow = page.evaluate(
            """() => [...document.querySelectorAll('*')]
                .filter((each) => parseFloat(getComputedStyle(each).transitionDuration) > 0.01).length"""
        )
        assert slow == 0


def test_links_of_the_footer_open_beside_the_conversation(browser: Browser, server: str) -> None:
    for chat in open_chat(browser, server):
        page = chat.open().page
        chat.ask(CLIMATE)
        footer = page.get_by_role("region", name="Pied de page")
        paths = [link.get_attribute("href") for link in footer.get_by_role("link").all()]
        assert paths == ["/fiches", "/confidentialite", "/mentions-legales", "/accessibilite"]
        assert all(link.get_attribute("target") == "_blank" for link in footer.get_by_role("link").all())
        assert all(page.request.get(f"{server}{path}").ok for path in paths)


def test_the_page_has_one_title_and_one_main_part_before_and_after_a_question(browser: Browser, server: str) -> None:
    for chat in open_chat(browser, server):
        page = chat.open().page
        expect(page.get_by_role("main")).to_have_count(1)
        expect(page.locator("h1")).to_have_count(1)
        chat.ask(CLIMATE)
        expect(page.get_by_role("main")).to_have_count(1)
        expect(page.locator("h1")).to_have_count(1)
