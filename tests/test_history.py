"""What members find again: their conversations, theirs alone, taken up in the chat, taken away, deleted."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from accessibility import find_faults
from answers import make_answer
from chat_client import ChatClient
from conftest import DESKTOP, PHONE
from members_site import MembersSite, token_of
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine, func, select, update

from assistant.edge.authentication import COOKIE
from assistant.exports.export import Letterhead
from assistant.history.conversations import History
from assistant.history.export import export_conversation
from assistant.members.accounts import MemberAccounts
from assistant.members.member import Member
from assistant.store.database import open_database
from assistant.store.retention import purge
from assistant.store.tables import conversations, exchanges
from index.filters import Filters
from index.opened import Index

NONE = Filters()
NOT_KEPT = "Cette conversation n'est plus gardée"


@pytest.fixture
def history(database: Engine) -> History:
    return History(database)


@pytest.fixture
def member(database: Engine) -> str:
    return MemberAccounts(database).add("camille@exemple.fr").id


@pytest.fixture
def other(database: Engine) -> str:
    return MemberAccounts(database).add("alix@exemple.fr").id


def tell(history: History, member: str, *questions: str) -> str:
    """A conversation of these questions."""
    conversation = ""
    for position, question in enumerate(questions):
        conversation = history.keep(member, conversation, position, question, make_answer("1", "2"), NONE)
    return conversation


def test_a_conversation_is_found_again_as_it_was(history: History, member: str) -> None:
    ignored = Filters(departement=("32",))
    key = history.keep(member, "", 0, "Les jeunes ?", make_answer("1"), NONE)
    assert history.keep(member, key, 1, "et ailleurs ?", make_answer(reason="place"), ignored) == key
    found = history.read(member, key)
    assert found is not None
    assert found.title == "Les jeunes ?"
    first, second = found.exchanges
    assert (first.question, first.answer, first.ignored) == ("Les jeunes ?", make_answer("1"), NONE)
    assert (second.question, second.answer.abstained, second.ignored) == ("et ailleurs ?", True, ignored)
    assert second.as_turn().ignored == ignored


def test_a_question_asked_again_takes_the_place_of_those_that_followed(history: History, member: str) -> None:
    key = tell(history, member, "Un", "Deux", "Trois")
    history.keep(member, key, 1, "Deux autrement", make_answer("3"), NONE)
    found = history.read(member, key)
    assert found is not None
    assert [each.question for each in found.exchanges] == ["Un", "Deux autrement"]


def test_conversations_are_listed_the_last_used_first_and_searched_without_accents(
    history: History, member: str
) -> None:
    first = tell(history, member, "Le budget des jeunes ?", "et à Évreux ?")
    second = tell(history, member, "Une forêt communale ?")
    assert [each.id for each in history.list_conversations(member)] == [second, first]
    history.keep(member, first, 2, "encore", make_answer("1"), NONE)
    assert [(each.id, each.questions) for each in history.list_conversations(member)] == [(first, 3), (second, 1)]
    assert [each.id for each in history.list_conversations(member, "EVREUX budget")] == [first]
    assert history.list_conversations(member, "foret evreux") == []
    assert [each.id for each in history.list_conversations(member, " % ")] == [first, second], "no pattern of SQL"


def test_a_conversation_is_its_members_alone(history: History, member: str, other: str) -> None:
    key = tell(history, member, "Un")
    assert history.read(other, key) is None
    assert history.list_conversations(other) == []
    assert history.keep(other, key, 0, "À moi", make_answer("1"), NONE) == ""
    assert not history.delete(other, key)
    assert history.delete_all(other) == 0
    for nobody in ("", "x' OR '1'='1", "00000000-0000-4000-8000-000000000000"):
        assert history.read(nobody, key) is None
        assert history.keep(nobody, "", 0, "Un", make_answer("1"), NONE) == ""
    found = history.read(member, key)
    assert found is not None
    assert [each.question for each in found.exchanges] == ["Un"]


def test_who_lost_the_access_reads_and_writes_nothing_until_it_is_given_back(
    database: Engine, history: History, member: str
) -> None:
    key = tell(history, member, "Un")
    accounts = MemberAccounts(database)
    accounts.revoke(member)
    assert history.read(member, key) is None
    assert history.list_conversations(member) == []
    assert history.keep(member, key, 1, "Deux", make_answer("1"), NONE) == ""
    accounts.restore(member)
    assert history.read(member, key) is not None


def test_what_a_member_deletes_is_gone_with_its_exchanges(database: Engine, history: History, member: str) -> None:
    keys = [tell(history, member, "Un", "Deux"), tell(history, member, "Trois")]
    assert history.delete(member, keys[0])
    assert not history.delete(member, keys[0])
    assert history.delete_all(member) == 1
    with database.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(exchanges)) == 0


def test_what_a_member_deletes_is_nowhere_on_the_disk(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'a.db'}")
    history = History(engine)
    member = MemberAccounts(engine).add("camille@exemple.fr").id
    tell(history, member, "Les girafes bleues de la médiathèque")
    assert any(b"girafes" in file.read_bytes() for file in tmp_path.glob("a.db*"))
    history.delete_all(member)
    assert not any(b"girafes" in file.read_bytes() for file in tmp_path.glob("a.db*"))


def test_a_conversation_is_purged_long_after_its_last_question(database: Engine, history: History, member: str) -> None:
    old, recent = tell(history, member, "Un"), tell(history, member, "Deux")
    now = datetime.now(UTC)
    with database.begin() as connection:
        aged = update(conversations).values(started=now - timedelta(days=200))
        connection.execute(aged)
        connection.execute(aged.where(conversations.c.id == old).values(updated=now - timedelta(days=91)))
    assert purge(database, 90).conversations == 1
    assert [each.id for each in history.list_conversations(member)] == [recent]


def test_an_answer_that_is_no_longer_read_leaves_the_others(database: Engine, history: History, member: str) -> None:
    key = tell(history, member, "Un", "Deux")
    with database.begin() as connection:
        first = exchanges.c.position == 0
        connection.execute(update(exchanges).where(first).values(answer={"text": "d'une autre époque"}))
    found = history.read(member, key)
    assert found is not None
    assert [each.question for each in found.exchanges] == ["Deux"]


def test_a_conversation_is_taken_away_with_its_sources_and_their_limits(
    history: History, member: str, own_index: Index
) -> None:
    key = history.keep(member, "", 0, "Les *jeunes* ?", make_answer("1", access="members"), NONE)
    found = history.read(member, key)
    assert found is not None
    head = Letterhead("Le centre", "a@b.fr", datetime(2026, 11, 24, tzinfo=UTC).date())
    note = export_conversation(replace(found, started=datetime(2026, 11, 24, tzinfo=UTC)), own_index, head)
    text = note.content.decode()
    assert note.name == "conversation-2026-11-24.md"
    assert "## Les \\*jeunes\\* ?" in text
    assert "[1] **Budget participatif gersois**" in text
    assert "page 3 (réservé aux adhérents)" in text
    assert "ne la diffusez pas" in text


# --- on a real server ---


@pytest.fixture
def camille(members_site: MembersSite) -> Member:
    return members_site.add_member()


@pytest.fixture
def browsing(members_site: MembersSite, camille: Member) -> Iterator[httpx.Client]:
    with members_site.signed_in(camille) as client:
        yield client


def kept(site: MembersSite, member: Member) -> str:
    """A conversation in this member's history."""
    return tell(History(site.database()), member.id, "Les jeunes & <b>le budget</b> ?", "et ensuite ?")


PATHS = ["", "/x", "/x.md", "?q=jeunes"]


@pytest.mark.parametrize("path", PATHS)
def test_a_visitor_is_led_to_sign_in_and_told_nothing(path: str, members_site: MembersSite) -> None:
    answer = members_site.client().get(f"/mes-conversations{path}")
    assert (answer.status_code, answer.text) == (303, "")
    assert answer.headers["location"].startswith("/connexion?suite=/mes-conversations")
    assert members_site.client().post("/mes-conversations/supprimer").status_code == 303


def test_a_member_reads_a_conversation_with_its_sources(
    members_site: MembersSite, camille: Member, browsing: httpx.Client
) -> None:
    key = kept(members_site, camille)
    assert key in browsing.get("/mes-conversations").text
    answer = browsing.get(f"/mes-conversations/{key}")
    assert "no-store" in answer.headers["cache-control"]
    assert "Les jeunes &amp; &lt;b&gt;le budget&lt;/b&gt; ?" in answer.text
    assert '<a href="#source-2-1">[1]</a>' in answer.text
    assert 'id="source-2-1"' in answer.text
    assert 'href="/fiches/1"' in answer.text
    note = browsing.get(f"/mes-conversations/{key}.md")
    assert "attachment" in note.headers["content-disposition"]
    assert "no-store" in note.headers["cache-control"]
    assert "## et ensuite ?" in note.text


def test_another_member_finds_nothing(members_site: MembersSite, camille: Member) -> None:
    key = kept(members_site, camille)
    with members_site.signed_in() as client:
        for path in (f"/mes-conversations/{key}", f"/mes-conversations/{key}.md"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert "jeunes" not in answer.text
        own = {"csrf": token_of(client.get("/mon-compte").text)}
        assert client.post(f"/mes-conversations/{key}/supprimer", data=own).status_code == 404
        assert key not in client.get("/mes-conversations").text
    assert History(members_site.database()).read(camille.id, key) is not None


def test_a_conversation_is_deleted_by_the_form_of_its_page_and_by_no_other_sites(
    members_site: MembersSite, camille: Member, browsing: httpx.Client
) -> None:
    key = kept(members_site, camille)
    kept(members_site, camille)
    one, every = f"/mes-conversations/{key}/supprimer", "/mes-conversations/supprimer"
    # The last one may show the widget: a browser sends it the cookie when it is of the same site (www. and assistant.).
    for origin in ("https://evil.example", members_site.framing):
        for path in (one, every):
            assert browsing.post(path, headers={"Origin": origin}).status_code == 403, origin
    with members_site.signed_in() as other:
        stranger = {"csrf": token_of(other.get("/mon-compte").text)}
    for form in ({}, {"csrf": "é" * 64}, stranger):
        refused = browsing.post(one, data=form, headers={"Accept": "text/html"})
        assert (refused.status_code, "<h1>Page expirée</h1>" in refused.text) == (403, True)
    form = {"csrf": token_of(browsing.get(f"/mes-conversations/{key}").text)}
    assert browsing.post(one, data=form).status_code == 303
    assert browsing.get(f"/mes-conversations/{key}").status_code == 404
    form = {"csrf": token_of(browsing.get("/mes-conversations").text)}
    assert browsing.post(every, data=form).status_code == 303
    assert "0 conversation" in browsing.get("/mes-conversations").text


def test_who_lost_the_access_is_led_to_sign_in(
    members_site: MembersSite, camille: Member, browsing: httpx.Client
) -> None:
    key = kept(members_site, camille)
    members_site.accounts().revoke(camille.id)
    for path in ("/mes-conversations", f"/mes-conversations/{key}", f"/mes-conversations/{key}.md"):
        answer = browsing.get(path)
        assert (answer.status_code, answer.text) == (303, "")


def test_a_chat_keeps_what_a_member_asks_and_takes_it_up_for_them_alone(
    members_site: MembersSite, camille: Member, browsing: httpx.Client
) -> None:
    history = History(members_site.database())
    wanted = {"assistant": "conversation", "id": ""}

    async def converse() -> list[str]:
        cookie = f"{COOKIE}={browsing.cookies[COOKIE]}"
        async with ChatClient(members_site.url, cookie) as chat:
            await chat.ask("un budget participatif dans le Gers")
            assert "plus gardée" not in await chat.send_window_message(wanted), "this one is at work"
        (listed,) = history.list_conversations(camille.id)
        wanted["id"] = listed.id
        async with ChatClient(members_site.url, cookie, before=wanted) as chat:  # as a page on a busy machine does
            resumed = await chat.hear("un budget participatif dans le Gers")
            assert "user_message" not in await chat.send_window_message(wanted), "the page asks until it sees it"
            followed = await chat.ask("le premier, combien de votants en 2019 ?")
        async with ChatClient(members_site.url) as chat:
            refused = await chat.send_window_message(wanted)
        with members_site.signed_in() as other:
            async with ChatClient(members_site.url, f"{COOKIE}={other.cookies[COOKIE]}") as chat:
                others = await chat.send_window_message(wanted)
        members_site.accounts().revoke(camille.id)
        async with ChatClient(members_site.url, cookie) as chat:
            return [resumed, followed, refused, others, await chat.send_window_message(wanted)]

    resumed, followed, *refused = asyncio.run(converse())
    assert "user_message" in resumed
    assert "47 000" in followed
    assert all(NOT_KEPT in each and "Gers" not in each for each in refused)
    members_site.accounts().restore(camille.id)
    found = history.read(camille.id, wanted["id"])
    assert found is not None
    assert [each.question for each in found.exchanges] == [
        "un budget participatif dans le Gers",
        "le premier, combien de votants en 2019 ?",
    ]


def test_nothing_of_a_visitors_chat_is_in_any_history(members_site: MembersSite) -> None:
    with members_site.database().connect() as connection:
        before = connection.scalar(select(func.count()).select_from(conversations))

    async def converse() -> None:
        async with ChatClient(members_site.url) as chat:
            await chat.ask("un budget participatif dans le Gers")

    asyncio.run(converse())
    with members_site.database().connect() as connection:
        assert connection.scalar(select(func.count()).select_from(conversations)) == before


@pytest.mark.parametrize("viewport", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_a_member_takes_up_a_conversation_in_the_browser(
    viewport: dict, browser: Browser, members_site: MembersSite, camille: Member, browsing: httpx.Client
) -> None:
    context = browser.new_context(viewport=viewport, locale="fr-FR")
    cookie = {"name": COOKIE, "value": browsing.cookies[COOKIE], "url": members_site.url}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{members_site.url}/chat/?question=un budget participatif dans le Gers")
    answers = page.locator("[data-step-type=assistant_message]")
    expect(answers.first).to_contain_text("[1]")
    page.goto(f"{members_site.url}/mes-conversations")
    assert find_faults(page) == []
    page.get_by_role("link", name="un budget participatif dans le Gers", exact=True).click()
    assert find_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.get_by_role("link", name="[1]").first.click()
    expect(page.locator("#source-1-1")).to_be_in_viewport()
    page.get_by_role("link", name="Reprendre dans le chat").click()
    expect(page.locator("[data-step-type=user_message]").first).to_contain_text("Gers")
    expect(answers.first).to_contain_text("[1]")
    page.locator("#chat-input").fill("le premier, combien de votants en 2019 ?")
    expect(page.locator("#chat-submit")).to_be_enabled()
    page.locator("#chat-submit").click()
    expect(answers.nth(1)).to_contain_text("47 000")
    expect(page.locator("#stop-button")).to_have_count(0)  # the answer is kept once it is whole
    assert "conversation=" not in page.url
    page.goto(f"{members_site.url}/mes-conversations")
    expect(page.get_by_text("2 questions")).to_be_visible()
    page.get_by_text("Supprimer toutes mes conversations").click()
    page.get_by_role("button", name="Oui, tout supprimer").click()
    expect(page.get_by_role("status")).to_contain_text("supprimé")
    assert History(members_site.database()).list_conversations(camille.id) == []
    assert errors == []
    context.close()
