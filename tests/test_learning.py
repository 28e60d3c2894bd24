"""What staff learn: questions kept masked, opinions, groups, rulings, and the pages that show them."""

import csv
import io
import json
import logging
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import numpy as np
import pytest
from accessibility import find_faults
from answers import make_answer
from conftest import DESKTOP, PHONE, make_data_dir, run_assistant, start_server
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, func, select, text, update

from assistant.learning.asked import AskedQuestion, Period, read_questions, read_vectors
from assistant.learning.figures import count_figures
from assistant.learning.grouping import Group, group_questions
from assistant.learning.keys import KeyBook
from assistant.learning.log import QuestionLog
from assistant.learning.masking import has_marks, mask_personal
from assistant.learning.rulings import reopen, rule
from assistant.settings import ROOT
from assistant.staff.accounts import StaffAccounts
from assistant.store.database import open_database
from assistant.store.retention import purge
from assistant.store.tables import asked_questions, opinions, question_vectors, rulings
from index.encoding.encoder import Encoder
from index.opened import Index

NOW = datetime.now(UTC)
TODAY = Period(NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=1), UTC)
NAME, PASSWORD, TOKEN = "camille", "quatre mots sans lien", "un-jeton-tres-long-pour-les-scripts"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
UNANSWERED = "Un atelier de cuisine pour décider du menu de la cantine"
SAME = "un atelier cuisine pour choisir le menu de la cantine ?"
SHEET = "12"


# --- masks ---


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Je m'appelle Jean Dupont et je cherche un jury", "Je m'appelle [nom] et je cherche un jury"),
        ("je m’appelle marie-claire de la fontaine, élue", "je m’appelle [nom], élue"),
        ("Je suis M. Martin, élu à Brest", "Je suis [nom], élu à Brest"),
        ("je suis madame Le Goff", "je suis [nom]"),
        ("mon nom est dupont", "mon nom est [nom]"),
        ("My name is John Smith and I work in Paris", "My name is [nom] and I work in Paris"),
        ("my name's anna, looking for juries", "my name's [nom], looking for juries"),
        ("Moi c'est Karim, des exemples ?", "Moi c'est [nom], des exemples ?"),
        ("Je suis Jean Dupont. Cordialement, Jean Dupont", "Je suis [nom]. Cordialement, [nom]"),
        ("Que pense Mme Hidalgo du budget ?", "Que pense [nom] du budget ?"),
        ("écrivez à jean.dupont@mairie-lyon.fr", "écrivez à [adresse électronique]"),
        ("jean [at] exemple [dot] fr", "[adresse électronique]"),
        ("jean arobase exemple.fr", "[adresse électronique]"),
        ("je\u200ban@exem\u200bple.fr", "[adresse électronique]"),
        ("appelez le 06 12 34 56 78", "appelez le [téléphone]"),
        ("06.12.34.56.78 ou 0612345678", "[téléphone] ou [téléphone]"),
        ("+33 6 12 34 56 78, +33(0)612345678, 0033 612345678", "[téléphone], [téléphone], [téléphone]"),
        ("06\u00a012\u00a034\u00a056\u00a078", "[téléphone]"),
        ("call +44 20 7946 0958 or +1 (415) 555-2671", "call [téléphone] or [téléphone]"),
        ("IBAN FR76 3000 6000 0112 3456 7890 189", "IBAN [numéro]"),
        ("carte 4111 1111 1111 1111", "carte [numéro]"),
        ("n° 1 85 05 78 006 084 36 et 185057800608436", "n° [numéro] et [numéro]"),
        ("né le 12/03/1980, j'habite 12 bis rue des Lilas", "né le [date], j'habite [adresse]"),
        ("https://jean:secret@exemple.fr/page", "https://[compte]@exemple.fr/page"),
        ("linkedin.com/in/jean-dupont et @jdupont", "linkedin.com/in/[compte] et [compte]"),
    ],
)
def test_what_tells_who_asks_is_masked(written: str, kept: str) -> None:
    assert mask_personal(written) == kept
    assert has_marks(kept)


@pytest.mark.parametrize(
    "written",
    [
        "une commune de 2 500 habitants avec 12 000 euros en 2019 2020 2021",
        "entre 2014-2020 et 2021/2027, puis 2014 2015 2016 2017",
        "10 000 à 50 000 habitants, 0,5 % de 100 000 000 €, 47 000 votants",
        "code postal 32000, article L. 2121-29 du CGCT, loi 2014-58, le 3949",
        "Le 11 novembre 2021 à 14h30, 3e arrondissement, siret 123 456 789 00012",
        "Madame la Maire de Paris a-t-elle associé les habitants ?",
        "Je suis Directeur de projet, je suis élue à Rennes, je suis maire",
        "Comment la Ville de Paris et la Région Bretagne ont-elles fait ?",
        "Quelle place des habitants ? 5 places des femmes, fiche 12, 3 routes possibles",
        "Comment s'appelle la démarche du Gers ?",
    ],
)
def test_figures_years_and_places_are_left(written: str) -> None:
    assert mask_personal(written) == written


def test_masking_a_very_long_text_takes_no_time() -> None:
    for part in ("je m'appelle " * 150, "0 1 2 3 " * 250, "a@" * 1000, "M. A " * 400, "1.2-" * 500, "FR76 " * 400):
        start = time.thread_time()
        mask_personal(part)
        assert time.thread_time() - start < 0.5, part[:20]


# --- keeping ---


@pytest.fixture(scope="module")
def embed(encoder: Encoder) -> object:
    return encoder.encode_questions


def make_log(engine: Engine, *, keeps: bool = True) -> QuestionLog:
    """A log whose vectors are those of a model of two dimensions."""
    return QuestionLog(engine, "two", lambda texts: np.array([[1.0, 0.0]] * len(texts)), keeps=keeps)


def count(engine: Engine, table: object) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


def test_a_question_is_kept_masked_with_what_became_of_it(database: Engine) -> None:
    log = make_log(database)
    with log.running():
        key = log.keep("Je m'appelle Jean, un budget pour les jeunes ?", make_answer("1", "2"), "chat", "members")
    (kept,) = read_questions(database, TODAY)
    assert kept == AskedQuestion(
        id=key,
        at=kept.at,
        question="Je m'appelle [nom], un budget pour les jeunes ?",
        channel="chat",
        access="members",
        language="fr",
        kind="examples",
        mode="extractive",
        abstained=False,
        reason="",
        filters={"thematique": ["JEU"]},
        sheets=("1", "2"),
        cited=("1", "2"),
        seconds=0.12,
    )
    assert abs(kept.at - datetime.now(UTC)) < timedelta(minutes=1)


def test_nothing_is_kept_when_the_setting_says_so(database: Engine) -> None:
    log = make_log(database, keeps=False)
    with log.running():
        assert log.keep("Une question", make_answer("1"), "api", "public") == ""
    assert read_questions(database, TODAY) == []


def test_a_database_that_fails_breaks_no_answer_and_tells_no_question(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE asked_question"))
    log = make_log(engine)
    with caplog.at_level(logging.DEBUG), log.running():
        assert log.keep("mon secret de fabrication", make_answer("1"), "chat", "public")
    assert "could not be kept" in caplog.text
    assert "secret" not in caplog.text


def test_a_question_too_many_is_lost_rather_than_waited_for(database: Engine) -> None:
    log = make_log(database)
    keys = [log.keep("Encore une question", make_answer("1"), "api", "public") for _ in range(1001)]
    assert all(keys[:1000])
    assert keys[1000] == ""


def test_questions_without_an_answer_get_their_vector_aside(database: Engine) -> None:
    log = make_log(database)
    with log.running():
        log.keep("Un jury ?", make_answer("1"), "chat", "public")
        log.keep("Son numéro ?", make_answer(reason="personal"), "chat", "public")
        key = log.keep("Une forêt ?", make_answer(reason="subject"), "chat", "public")
        for _ in range(100):
            if count(database, question_vectors):
                break
            time.sleep(0.05)
    vectors = read_vectors(database, read_questions(database, TODAY), "two")
    assert {key: list(vector) for key, vector in vectors.items()} == {key: [1.0, 0.0]}


def test_of_a_long_question_the_beginning_gets_a_vector(database: Engine) -> None:
    read: list[str] = []

    def embed(texts: Sequence[str]) -> np.ndarray:
        read.extend(texts)
        return np.ones((len(texts), 2))

    log = QuestionLog(database, "two", embed)
    with log.running():
        log.keep("Une forêt ? " * 160, make_answer(reason="subject"), "chat", "public")
        for _ in range(100):
            if count(database, question_vectors):
                break
            time.sleep(0.05)
    assert [len(text) for text in read] == [300]


# --- opinions ---


def test_an_opinion_is_given_once_for_an_answer_and_can_change(database: Engine) -> None:
    log = make_log(database)
    with log.running():
        key = log.keep("Un jury ?", make_answer("1"), "chat", "public")
        assert log.judge(key, 1), "given at once, before the question is written"
        assert log.judge(key, -1, "Rien sur le coût, écrivez à a@b.fr")
        assert not log.judge("00000000-0000-4000-8000-000000000000", 1)
    (kept,) = read_questions(database, TODAY)
    assert (kept.opinion, kept.comment) == (-1, "Rien sur le coût, écrivez à [adresse électronique]")


# --- retention ---


def keep_all(engine: Engine, *questions: tuple[str, str]) -> list[str]:
    """Keep questions, each with why it has no answer, "" when sheet 1 answers."""
    log = make_log(engine)
    with log.running():
        return [
            log.keep(question, make_answer(reason=reason) if reason else make_answer("1"), "chat", "public")
            for question, reason in questions
        ]


def test_what_is_purged_takes_all_that_belongs_to_it(database: Engine, tmp_path: Path) -> None:
    old, recent = keep_all(database, ("Une vieille question", "subject"), ("Une question récente", "subject"))
    make_log(database).judge(old, -1, "vieux commentaire")
    rule(database, KeyBook(tmp_path), [old], "outside")
    with database.begin() as connection:
        table = asked_questions
        connection.execute(update(table).where(table.c.id == old).values(at=NOW - timedelta(days=91)))
    assert purge(database, 90).questions == 1
    assert [each.id for each in read_questions(database, Period(date(2020, 1, 1), TODAY.last, UTC))] == [recent]
    assert (count(database, opinions), count(database, rulings)) == (0, 0)


def test_what_is_purged_is_nowhere_on_the_disk(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'a.db'}")
    keep_all(engine, ("Les girafes bleues de la médiathèque", "subject"))
    assert any(b"girafes" in file.read_bytes() for file in tmp_path.glob("a.db*"))
    purge(engine, 0)
    assert not any(b"girafes" in file.read_bytes() for file in tmp_path.glob("a.db*"))


def test_the_command_purges(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'assistant.db'}")
    keep_all(engine, ("Un jury ?", ""))
    environment = {"ASSISTANT_DATA_DIR": str(tmp_path)}
    assert json.loads(run_assistant("purge", "--json", **environment).stdout)["questions"] == 0
    done = run_assistant("purge", "--days", "0", "--json", **environment)
    assert json.loads(done.stdout) == {"questions": 1, "conversations": 0, "sessions": 0, "links": 0}


# --- groups ---


def make_asked(number: int, question: str, **changes: object) -> AskedQuestion:
    fields = {
        "id": str(number),
        "at": NOW - timedelta(minutes=number),
        "question": question,
        "channel": "chat",
        "access": "public",
        "language": "fr",
        "kind": "nothing",
        "mode": "extractive",
        "abstained": True,
        "reason": "subject",
        "filters": {},
        "sheets": (),
        "cited": (),
        "seconds": 0.1,
    }
    return AskedQuestion(**{**fields, **changes})  # type: ignore[arg-type]


def group(texts: list[str], encoder: Encoder) -> list[Group]:
    asked = [make_asked(number, question) for number, question in enumerate(texts)]
    vectors = encoder.encode_questions(texts)
    return group_questions(asked, {each.id: vector for each, vector in zip(asked, vectors, strict=True)})


def test_questions_that_ask_the_same_are_together_the_most_asked_first(encoder: Encoder) -> None:
    lines = (ROOT / "training" / "questions" / "groups.jsonl").read_text(encoding="utf-8").splitlines()
    needs = [json.loads(line)["questions"] for line in lines]
    texts = [text for questions in needs for text in questions]
    groups = group(texts, encoder)
    need_of = {text: number for number, questions in enumerate(needs) for text in questions}
    pure = [each for each in groups if len({need_of[text] for text, _ in each.texts}) == 1]
    assert len(pure) / len(groups) >= 0.9
    assert len(groups) <= 1.6 * len(needs)
    sizes = [len(each.questions) for each in groups]
    assert sizes == sorted(sizes, reverse=True)


def test_the_same_words_are_one_wording_whatever_their_case_and_accents(encoder: Encoder) -> None:
    (only,) = group(["La météo de demain ?", "la meteo de demain", "La météo de demain ?"], encoder)
    assert only.texts == [("La météo de demain ?", 3)]
    assert only.typical.question == "La météo de demain ?"


def test_a_question_without_a_vector_yet_is_alone() -> None:
    groups = group_questions([make_asked(1, "Une"), make_asked(2, "Deux"), make_asked(3, "une")], {"2": np.ones(2)})
    assert [len(each.questions) for each in groups] == [2, 1]


def test_five_thousand_wordings_are_grouped_in_no_time() -> None:
    random = np.random.default_rng(1)
    vectors = random.normal(size=(5000, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    asked = [make_asked(number, f"question {number}") for number in range(5000)]
    start = time.process_time()
    groups = group_questions(asked, {str(number): vector for number, vector in enumerate(vectors)})
    assert time.process_time() - start < 4  # 1 second on a free processor
    assert len(groups) == 5000


# --- rulings and keys ---


def test_a_ruling_closes_questions_and_can_be_taken_back(database: Engine, tmp_path: Path) -> None:
    book = KeyBook(tmp_path)
    keys = keep_all(database, ("Le menu de la cantine ?", "subject"), ("Qui fait le menu ?", "subject"))
    assert rule(database, book, [*keys, "gone"], "sheet", "12", ["Le menu de la cantine ?"]) == 2
    assert {(each.verdict, each.ruled_sheet) for each in read_questions(database, TODAY)} == {("sheet", "12")}
    assert book.read() == {"12": ["Le menu de la cantine ?"]}
    assert rule(database, book, keys, "write") == 2, "another verdict takes its place"
    assert {each.verdict for each in read_questions(database, TODAY)} == {"write"}
    rule(database, book, keys, "sheet", "12", ["Qui décide du menu ?"])
    assert reopen(database, book, keys) == 2
    assert {each.verdict for each in read_questions(database, TODAY)} == {""}
    assert book.read() == {"12": ["Le menu de la cantine ?"]}, "keys that this ruling did not give stay"


def test_keys_are_read_as_the_file_of_the_staff_is(tmp_path: Path, own_index: Index) -> None:
    book = KeyBook(tmp_path)
    assert book.add("1", ["Quel vote dans le Gers ?", "quel vote dans le gers", "Quel vote dans le Gers ?"])
    book.add("gone", ["Une question d'une fiche partie ?"])
    reading = book.read_for({sheet.id: sheet for sheet in own_index.practices})
    assert [(each.sheet, each.text, each.origin, each.state) for each in reading.questions] == [
        ("1", "Quel vote dans le Gers ?", "staff", "accepted")
    ]
    assert [remark.column for remark in reading.notices] == ["gone"]
    book.remove("1", ["Quel vote dans le Gers ?"])
    assert "1" not in book.read()


# --- figures ---


def test_figures_count_what_was_asked(own_index: Index) -> None:
    first, second = own_index.practices[:2]
    asked = [
        make_asked(0, "Un", abstained=False, kind="examples", reason="", cited=(first.id, second.id), opinion=1),
        make_asked(1, "Deux", abstained=False, kind="fact", reason="", cited=(first.id,), filters={"demarche": ["BP"]}),
        make_asked(2, "Trois", opinion=-1),
        make_asked(3, "Quatre", reason="personal"),
        make_asked(4, "Et le septième ?", kind="clarification", reason=""),
        make_asked(5, "Combien de démarches sur le cirque ?", kind="listing"),
    ]
    figures = count_figures(asked, TODAY, own_index)
    assert (figures.total, figures.answered, figures.unanswered, figures.declined) == (6, 2, 2, 1)
    assert figures.clarified == 1
    kinds = dict(figures.kinds)
    assert (kinds["nothing"], kinds["declined"], kinds["clarification"]) == (2, 1, 1)
    assert sum(kinds.values()) == figures.total
    assert (figures.liked, figures.disliked) == (1, 1)
    assert [(sheet.id, times) for sheet, times in figures.cited] == [(first.id, 2), (second.id, 1)]
    assert len(figures.never) == len(own_index.practices) - 2
    assert figures.reasons == (("subject", 2), ("personal", 1))
    assert sum(span.total for span in figures.spans) == 6
    assert sum(span.unanswered for span in figures.spans) == 2
    assert len(figures.spans) == TODAY.days
    named = [(theme.label, theme.named) for themes in figures.themes.values() for theme in themes if theme.named]
    assert named == [("Budget et financement participatif", 1)]


@pytest.mark.parametrize(("days", "spans"), [(7, 7), (90, 14), (365, 13)])
def test_a_long_period_is_cut_in_weeks_or_months(days: int, spans: int, own_index: Index) -> None:
    period = Period(date(2026, 11, 23) - timedelta(days=days - 1), date(2026, 11, 23), UTC)
    cut = count_figures([], period, own_index).spans
    assert len(cut) == spans
    assert cut[0].first == period.first
    assert cut[-1].last == period.last


# --- over HTTP, on a real server over the project's own sheets ---


@dataclass
class Server:
    """A server and where it writes."""

    url: str
    data_dir: Path
    log: Path

    def ask(self, question: str) -> dict:
        answer = httpx.post(f"{self.url}/api/ask", json={"query": question}, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def judge(self, **body: object) -> httpx.Response:
        return httpx.post(f"{self.url}/api/feedback", json=body, timeout=60)

    def staff(self) -> httpx.Client:
        """A client that signed in."""
        client = httpx.Client(base_url=self.url, timeout=60)
        token = token_of(client.get("/admin/connexion").text)
        form = {"csrf": token, "name": NAME, "password": PASSWORD}
        assert client.post("/admin/connexion", data=form).status_code == 303
        return client

    def reindex(self) -> None:
        run = httpx.post(f"{self.url}/api/admin/reindex", headers=BEARER, timeout=60).json()["run"]
        for _ in range(1800):
            found = httpx.get(f"{self.url}/api/admin/runs/{run}", headers=BEARER, timeout=60).json()
            if found["status"] not in ("starting", "running"):
                break
            time.sleep(0.1)
        assert found["status"] == "done", found
        for _ in range(300):
            if httpx.get(f"{self.url}/readyz", timeout=60).json()["version"] == found["report"]["version"]:
                return
            time.sleep(0.1)
        pytest.fail("the new version is not served")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, own_data_dir: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("learning")
    (folder / "data").mkdir()
    data_dir = make_data_dir(folder / "data", own_data_dir)
    StaffAccounts(data_dir).add(NAME, PASSWORD)
    for url in start_server(data_dir, folder, ASSISTANT_ADMIN_TOKEN=TOKEN):
        yield Server(url, data_dir, folder / "server.log")


def token_of(page: str) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found, page
    return found[1]


def test_an_answer_has_an_id_by_which_it_is_judged(site: Server) -> None:
    key = site.ask("Comment associer les jeunes au budget ?")["answer_id"]
    assert re.fullmatch(r"[0-9a-f-]{36}", key)
    assert site.judge(answer=key, value=1).status_code == 204
    assert site.judge(answer=key, value=-1, comment="trop court").status_code == 204
    refused = site.judge(answer="00000000-0000-4000-8000-000000000000", value=1)
    assert (refused.status_code, refused.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "body",
    [{"value": 1}, {"answer": "x", "value": 2}, {"answer": "x", "value": 1, "comment": "y" * 2001}, {"answer": ["x"]}],
)
def test_an_opinion_that_is_none_is_refused(body: dict, site: Server) -> None:
    assert site.judge(**body).status_code == 422


def test_each_turn_and_each_stream_is_kept(site: Server) -> None:
    turns = {"turns": [{"user": "Un budget participatif ?"}, {"user": "et pour les jeunes ?"}]}
    told = httpx.post(f"{site.url}/api/ask", json=turns, timeout=60).json()["turns"]
    stream = httpx.post(
        f"{site.url}/api/ask", json={"query": "Un jury ?"}, headers={"Accept": "text/event-stream"}, timeout=60
    )
    ids = {each["answer_id"] for each in told} | set(re.findall(r'"answer_id":"([^"]+)"', stream.text))
    assert len(ids) == 3
    assert {site.judge(answer=key, value=1).status_code for key in ids} == {204}


PAGES = ["", "/sans-reponse", "/sans-reponse/x", "/avis", "/cles", ".csv"]


@pytest.mark.parametrize("page", PAGES)
def test_nobody_but_staff_sees_what_people_ask(page: str, site: Server) -> None:
    answer = httpx.get(f"{site.url}/admin/questions{page}")
    assert (answer.status_code, answer.text) == (303, "")


def test_the_file_of_everything_runs_nothing_in_a_spreadsheet(site: Server) -> None:
    key = site.ask("=1+1 ou un budget participatif ?")["answer_id"]
    site.judge(answer=key, value=-1, comment="=2+2")
    answer = site.staff().get("/admin/questions.csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    row = next(each for each in rows if "1+1" in each["Question"])
    assert (row["Question"], row["Commentaire"]) == ("'=1+1 ou un budget participatif ?", "'=2+2")
    assert row["Canal"] == "L’API"


def test_what_people_write_is_shown_as_text(site: Server) -> None:
    site.ask("La recette des <b>crêpes</b> au sucre")
    page = site.staff().get("/admin/questions/sans-reponse").text
    assert "<b>crêpes" not in page
    assert "&lt;b&gt;crêpes&lt;/b&gt;" in page


@pytest.mark.parametrize("query", ["?du=x&au=y", "?du=2026-12-31&au=2020-01-01", "?du=0001-01-01", "?au=9999-12-31"])
def test_a_period_that_cannot_be_read_is_no_error(query: str, site: Server) -> None:
    assert site.staff().get(f"/admin/questions{query}").status_code == 200


def test_a_decision_that_is_not_whole_is_told_and_keeps_what_was_written(site: Server) -> None:
    key = site.ask("La recette du clafoutis aux cerises")["answer_id"]
    client = site.staff()
    page = f"/admin/questions/sans-reponse/{key}"
    token = token_of(client.get(page).text)
    for form, told in (
        ({}, "Choisissez ce que devient"),
        ({"verdict": "sheet", "keys": "Le clafoutis ?"}, "Choisissez la fiche"),
        ({"verdict": "sheet", "sheet": SHEET, "keys": "Je suis [nom] du clafoutis"}, "entre crochets"),
        ({"verdict": "sheet", "sheet": SHEET, "keys": "Écrivez à moi@exemple.fr"}, "Adresse électronique"),
        ({"verdict": "sheet", "sheet": SHEET, "keys": " "}, "au moins une question"),
    ):
        answer = client.post(page, data={"csrf": token, "ids": key, **form})
        assert answer.status_code == 422, form
        assert told in answer.text
        assert form.get("keys", "").strip() in answer.text
    assert client.post(page, data={"ids": key, "verdict": "outside"}).status_code == 403, "a form that was not shown"
    assert client.get("/admin/questions/sans-reponse/unknown").status_code == 404


# --- in a browser ---


def sign_in(page: Page, site: Server) -> None:
    page.goto(f"{site.url}/admin/connexion")
    page.get_by_label("Nom du compte").fill(NAME)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/admin")


def test_a_question_without_an_answer_is_closed_with_a_sheet_that_then_answers_it(
    browser: Browser, site: Server
) -> None:
    visitor = browser.new_context(locale="fr-FR", viewport=DESKTOP).new_page()
    visitor.goto(f"{site.url}/chat/")
    visitor.locator("#chat-input").fill(UNANSWERED)
    expect(visitor.locator("#chat-submit")).to_be_enabled()
    visitor.locator("#chat-submit").click()
    answer = visitor.locator("[data-step-type=assistant_message]").first
    expect(answer).to_contain_text("Aucune fiche n")
    opinion = answer.get_by_role("group", name="Votre avis sur cette réponse")
    opinion.get_by_role("button", name="Non").click()
    expect(opinion.get_by_role("status")).to_contain_text("Merci")
    expect(opinion.get_by_role("button", name="Non")).to_have_attribute("aria-pressed", "true")
    opinion.get_by_label("Voulez-vous en dire plus").fill("Il doit bien y avoir une cantine.")
    opinion.get_by_role("button", name="Envoyer").click()
    expect(opinion.get_by_role("status")).to_contain_text("Merci pour votre commentaire")
    assert site.ask(SAME)["abstained"]

    context = browser.new_context(locale="fr-FR", viewport=DESKTOP, java_script_enabled=False)
    staff = context.new_page()
    sign_in(staff, site)
    for _ in range(100):  # the vectors are made aside
        staff.goto(f"{site.url}/admin/questions/sans-reponse")
        row = staff.get_by_role("row").filter(has_text="cantine")
        if row.count() == 1 and "autre formulation" in row.inner_text():
            break
        time.sleep(0.1)
    row.get_by_role("link", name="Un atelier de cuisine pour décider du menu de la cantine", exact=True).click()
    staff.get_by_label("Une fiche répond").check()
    staff.get_by_label("La fiche qui répond").select_option(SHEET)
    expect(staff.get_by_label("Questions par lesquelles la trouver")).to_have_value(re.compile("cantine"))
    staff.get_by_role("button", name="Classer").click()
    expect(staff.get_by_role("status")).to_contain_text("2 questions sont classées")
    assert staff.get_by_role("row").filter(has_text="cantine").count() == 0
    staff.get_by_role("link", name="Classées").click()
    expect(staff.get_by_role("row").filter(has_text="cantine")).to_contain_text("Une fiche répond")
    staff.get_by_role("link", name="Avis", exact=True).click()
    expect(staff.get_by_role("row").filter(has_text="Il doit bien y avoir une cantine")).to_have_count(1)
    context.close()

    site.reindex()
    for question in (UNANSWERED, SAME):
        given = site.ask(question)
        assert not given["abstained"], question
        assert given["sheets"][0] == given["citations"][0]["sheet"] == SHEET
    assert site.ask("La recette du clafoutis aux cerises")["abstained"], "others stay without an answer"

    client = site.staff()
    page = client.get("/admin/questions/cles").text
    assert "cantine" in page
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    client.post("/admin/questions/cles", data={"csrf": token_of(page), "sheet": SHEET, "key": key[1]})
    assert key[1] not in client.get("/admin/questions/cles").text
    assert "cantine" not in site.log.read_text()


@pytest.mark.parametrize("viewport", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_the_pages_have_no_fault_that_axe_finds(viewport: dict, browser: Browser, site: Server) -> None:
    site.judge(answer=site.ask("La recette du gratin dauphinois")["answer_id"], value=-1, comment="Dommage")
    context = browser.new_context(locale="fr-FR", viewport=viewport)
    page = context.new_page()
    sign_in(page, site)
    for path in ("", "/sans-reponse", "/avis", "/cles"):
        page.goto(f"{site.url}/admin/questions{path}")
        assert find_faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
    page.goto(f"{site.url}/admin/questions/sans-reponse?objet=pas-utile")
    page.locator("tbody th a").first.click()
    page.get_by_role("button", name="Classer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert find_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    context.close()
