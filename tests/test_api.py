"""The HTTP interface of a real server over the project's own sheets."""

import json

import httpx
import pytest
from conftest import caller_of

from index.filters import FILTER_KEYS


def get(server: str, path: str, **parameters: object) -> httpx.Response:
    return httpx.get(f"{server}{path}", params=parameters or None, timeout=30)  # type: ignore[arg-type]


def post(server: str, body: object, **headers: str) -> httpx.Response:
    return httpx.post(f"{server}/api/ask", json=body, headers=headers, timeout=60)


def test_the_server_says_that_it_lives_and_what_it_serves(server: str) -> None:
    assert get(server, "/healthz").json() == {"status": "ok"}
    ready = get(server, "/readyz").json()
    assert (ready["status"], ready["sheets"], ready["llm"]) == ("ready", 35, False)
    assert ready["model"].startswith("multilingual-e5-small+participation-")


def test_a_question_is_answered_in_json(server: str) -> None:
    given = post(server, {"id": "q1", "query": "C'est quoi les Trophées ?"}).json()
    assert (given["id"], given["kind"], given["abstained"], given["mode"]) == ("q1", "centre", False, "extractive")
    assert set(given["citations"][0]) >= {"n", "sheet", "passage", "quote", "page", "access", "url"}


def test_a_citation_has_the_address_of_the_page_of_its_sheet(server: str) -> None:
    given = post(server, {"query": "Combien de votants au budget participatif du Gers ?"}).json()
    turns = post(server, {"turns": [{"user": "Combien de votants au budget participatif du Gers ?"}]}).json()["turns"]
    for citation in (*given["citations"], *turns[0]["citations"]):
        assert citation["url"] == f"{server}/fiches/{citation['sheet']}"
        assert httpx.get(citation["url"]).status_code == 200


def test_turns_are_answered_each(server: str) -> None:
    given = post(server, {"turns": [{"user": "bonjour"}, {"user": "des budgets participatifs ?"}]}).json()
    assert [turn["kind"] for turn in given["turns"]] == ["small_talk", "examples"]


def test_filters_of_a_question_are_strict(server: str) -> None:
    given = post(server, {"query": "participation des jeunes", "filters": {"porteur": ["RG"]}}).json()
    assert set(given["sheets"]) == {"15", "16"}
    assert given["filters"]["porteur"] == ["RG"]


def test_a_question_is_understood_with_the_turns_before_it(server: str) -> None:
    history = [{"query": "Des budgets participatifs ?", "sheets": ["14", "1", "17"]}]
    given = post(server, {"query": "le deuxième, combien de votants en 2019 ?", "history": history}).json()
    assert (given["sheets"][0], given["kind"]) == ("1", "fact")
    assert given["standalone_question"].startswith("Budget participatif gersois : ")
    assert "47 000" in given["answer"]


def test_what_was_understood_is_told_and_can_be_ignored(server: str) -> None:
    question = "un budget participatif dans le Gers"
    assert post(server, {"query": question}).json()["filters"] == {"demarche": ["BP"], "departement": ["32"]}
    without = post(server, {"query": question, "ignored": {"departement": ["32"]}}).json()
    assert without["filters"] == {"demarche": ["BP"]}
    assert get(server, "/api/search", query=question).json()["filters"] == {"demarche": ["BP"], "departement": ["32"]}


def test_an_answer_can_be_streamed_as_events(server: str) -> None:
    with httpx.stream(
        "POST",
        f"{server}/api/ask",
        json={"query": "Combien de votants au budget participatif du Gers ?"},
        headers={"Accept": "text/event-stream"},
        timeout=30,
    ) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        events = [block.split("\n") for block in response.read().decode().strip().split("\n\n")]
    names = [lines[0].removeprefix("event: ") for lines in events]
    assert names == ["text", "citations", "filters", "end"]
    data = [json.loads(lines[1].removeprefix("data: ")) for lines in events]
    assert data[0]["text"] == data[-1]["answer"]
    assert data[1] == data[-1]["citations"] != []


def test_search_gives_hits_and_takes_filters_several_times(server: str) -> None:
    found = get(server, "/api/search", query="budget participatif", top=3, porteur=["GV", "DEP"], demarche="BP").json()
    assert len(found["hits"]) == 3
    assert found["filters"] == {"porteur": ["GV", "DEP"], "demarche": ["BP"]}
    assert get(server, "/api/search", q="budget").json()["hits"]


def test_sheets_are_listed_filtered_and_by_pages(server: str) -> None:
    whole = get(server, "/api/sheets", limit=500).json()
    assert (whole["total"], len(whole["sheets"])) == (35, 35)
    page = get(server, "/api/sheets", limit=2, offset=1, annee=2019).json()
    assert (page["total"], [sheet["id"] for sheet in page["sheets"]]) == (5, ["6", "8"])


def test_a_sheet_has_labels_and_no_link_to_its_members_document(server: str) -> None:
    response = get(server, "/api/sheets/1")
    sheet = response.json()
    assert sheet["title"] == "Budget participatif gersois"
    assert sheet["demarche"] == [{"code": "BP", "label": "Budget et financement participatif"}]
    assert sheet["has_document"] is True
    assert ".pdf" not in response.text


def test_facets_count_the_sheets_of_each_value(server: str) -> None:
    facets = get(server, "/api/facets").json()
    counts = {value["code"]: value["count"] for value in facets["porteur"]["values"]}
    assert (counts["RG"], counts["AE"], counts["DEP"]) == (2, 11, 2)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/sheets/999", 404),
        ("/api/sheets/..%2f..%2fetc%2fpasswd", 404),
        ("/api/nothing", 404),
        ("/api/search", 422),
        ("/api/search?query=", 422),
        ("/api/search?query=a&top=0", 422),
        ("/api/search?query=a&annee=abc", 422),
        ("/api/sheets?limit=-1", 422),
        ("/api/ask", 405),
    ],
)
def test_errors_are_problem_documents_in_french(path: str, status: int, server: str) -> None:
    response = get(server, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], set(problem)) == (status, {"type", "title", "status", "detail"})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": "   "},
        {"query": "a" * 2001},
        {"query": "a", "turns": [{"user": "b"}]},
        {"turns": []},
        {"turns": [{"user": "a"}] * 21},
        {"query": "a", "autre": 1},
        {"query": "a", "filters": {"inconnu": ["x"]}},
        {"query": "a", "ignored": {"inconnu": ["x"]}},
        {"query": "a", "history": [{"query": "b"}] * 21},
        {"query": "a", "history": [{"query": "b", "sheets": ["1"] * 101}]},
        {"query": "a", "history": [{"sheets": ["1"]}]},
        {"query": "a", "history": [{"query": "b", "autre": 1}]},
        ["a"],
        "a",
        None,
    ],
)
def test_a_wrong_question_is_refused(body: object, server: str) -> None:
    response = post(server, body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


TEXTS: dict[str, list[object]] = {
    "/api/ask": [
        {"query": "{}"},
        {"query": "a", "id": "{}"},
        {"query": "a", "{}": 1},
        {"query": "a", "history": [{"query": "{}"}]},
        {"query": "a", "history": [{"query": "b", "sheets": ["{}"], "shown": ["{}"]}]},
        {"query": "a", "history": [{"query": "b", "ignored": {"region": ["{}"]}}]},
        {"turns": [{"user": "{}"}]},
        *({"query": "a", "filters": {key: "{}" if key == "source" else ["{}"]}} for key in FILTER_KEYS),
        *({"query": "a", "ignored": {key: "{}" if key == "source" else ["{}"]}} for key in FILTER_KEYS),
        "{}",
    ],
    "/api/feedback": [
        {"answer": "{}", "value": 1},
        {"answer": "a", "value": 1, "comment": "{}"},
        {"answer": "a", "value": "{}"},
        {"answer": "a", "value": 1, "{}": 1},
    ],
}


@pytest.mark.parametrize("path", TEXTS)
def test_half_of_a_character_is_refused_wherever_a_text_is_taken(path: str, server: str) -> None:
    for body in TEXTS[path]:
        content = json.dumps(body).replace("{}", r"a\ud800")
        headers = {"Content-Type": "application/json"}
        response = httpx.post(server + path, content=content, headers=headers, timeout=30)
        assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json"), content


def test_a_filter_of_an_address_that_nothing_can_hold_is_refused(server: str) -> None:
    response = get(server, "/api/search?query=a&porteur=a%00")
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")


def test_a_body_that_is_too_long_is_refused(server: str) -> None:
    assert post(server, {"query": "a" * 70_000}).status_code == 413


def test_a_body_that_is_too_long_is_refused_without_its_length(server: str) -> None:
    def pieces() -> object:
        for _ in range(80):
            yield b"a" * 1000

    with pytest.raises(httpx.HTTPError):
        httpx.post(f"{server}/api/ask", content=pieces(), timeout=10).raise_for_status()  # type: ignore[arg-type]


def test_another_sites_page_may_not_write(server: str) -> None:
    assert post(server, {"query": "a"}, Origin="https://evil.example").status_code == 403
    assert post(server, {"query": "budget"}, Origin=server).status_code == 200


@pytest.mark.parametrize(
    ("path", "origin", "opened"),
    [
        ("/api/ask", "", True),
        ("/api/sheets/1", "", True),
        ("/api/search?query=budget", "", True),
        ("/api/ask", "http://partenaire.test", False),
        ("/api/ask", "https://evil.example", False),
        ("/api/members/me", "", False),
        ("/api/members/vouch", "", False),
        ("/api/admin/runs", "", False),
        ("/fiches", "", False),
    ],
)
def test_the_public_interface_alone_is_open_to_the_pages_of_the_sites_that_are_set(
    path: str, origin: str, opened: bool, server: str
) -> None:
    origin = origin or caller_of(server)
    asks = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    before = httpx.options(f"{server}{path}", headers=asks)
    assert (before.headers.get("access-control-allow-origin") == origin) is opened
    assert "access-control-allow-credentials" not in before.headers
    body = {"query": "budget"} if path == "/api/ask" else None
    after = httpx.request("POST" if body else "GET", f"{server}{path}", json=body, headers={"Origin": origin})
    assert after.headers.get("access-control-allow-origin", "") == (origin if opened else "")
    assert path != "/api/ask" or after.status_code == (200 if opened else 403)


def test_a_page_that_may_call_the_interface_may_send_no_key_of_a_member(server: str) -> None:
    asks = {
        "Origin": caller_of(server),
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    assert httpx.options(f"{server}/api/search", headers=asks).status_code == 400


def test_every_response_has_its_security_headers(server: str) -> None:
    for path in ("/healthz", "/docs", "/chat/", "/api/sheets/999"):
        headers = get(server, path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "script-src 'unsafe-inline'" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"


def test_pages_name_no_other_host(server: str) -> None:
    for path in ("/docs", "/chat/"):
        assert "://" not in get(server, path).text.replace("http://www.w3.org", "")


@pytest.mark.parametrize("path", ["/chat/project/file", "/chat/mcp", "/chat/login"])
def test_routes_of_chainlit_that_are_not_used_are_closed(path: str, server: str) -> None:
    assert httpx.post(f"{server}{path}", timeout=10).status_code in (404, 405, 422, 400)
    assert "swagger" not in get(server, "/chat/docs").text.lower()
