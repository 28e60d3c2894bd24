"""A judged set is asked, measured, kept and compared; on the project's own sheets and on a small BEIR set."""

import csv
import json
import re
from pathlib import Path

import pytest
import yaml
from conftest import JUDGED, SHEETS, make_data_dir, run_assistant

from assistant.evaluation.command import run_evaluation
from assistant.evaluation.judged_set import SetWrong, read_set
from assistant.evaluation.record import Evaluation, Outcome, compare, keep_evaluation, read_last
from assistant.finding.search import find_hits
from assistant.pipeline import Knowledge
from assistant.settings import Settings
from index.encoding.encoder import Encoder
from index.measuring.measure import AbstainFigures, RankingFigures, SearchFigures
from index.opened import Index


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


# More sheets than a search gives: some must be missed.
EVERY = {str(sheet): 2 for sheet in range(1, 16)}
MISSED = json.dumps({"id": "q03", "query": "une cabane à sucre", "kind": "need", "relevant": EVERY}) + "\n"


@pytest.fixture(scope="module")
def dev_like(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first rows of each file of the set on the project's own sheets."""
    folder = tmp_path_factory.mktemp("sets") / "petit"
    for name in ("queries", "conversations", "facts", "filters", "out_of_scope"):
        lines = (JUDGED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        folder.mkdir(exist_ok=True)
        rows = [*lines[:2], MISSED] if name == "queries" else lines[:3]
        (folder / f"{name}.jsonl").write_text("".join(rows), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def dev_run(dev_like: Path, own_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A data directory of its own in which the set was evaluated once, and the report."""
    folder = make_data_dir(tmp_path_factory.mktemp("evaluated"))
    (folder / "index").symlink_to(own_data_dir / "index")
    report = folder / "report.md"
    result = run_assistant("evaluate", str(dev_like), "--report", str(report), ASSISTANT_DATA_DIR=str(folder))
    assert result.returncode == 0, result.stderr
    (folder / "shown.txt").write_text(result.stdout, encoding="utf-8")
    return folder, report


def kept(folder: Path) -> Evaluation:
    return Evaluation.model_validate_json(next((folder / "evaluations").glob("petit-*.json")).read_text())


def test_every_part_of_a_set_is_measured(dev_run: tuple[Path, Path]) -> None:
    evaluation = kept(dev_run[0])
    assert evaluation.search is not None
    assert evaluation.search.n == 3
    assert evaluation.search.ndcg10 > 0.3
    assert evaluation.facts is not None
    assert evaluation.facts.right_and_cited >= 0.6
    assert evaluation.turns is not None
    assert evaluation.turns.first is not None
    assert evaluation.turns.first.n == 3
    assert evaluation.turns.later is not None
    assert evaluation.turns.later.ndcg10 > 0.3, "later turns are asked after those before them"
    assert evaluation.filters is not None
    assert evaluation.filters.exact >= 0.6
    assert evaluation.abstain is not None
    assert evaluation.wrongly_abstained is not None
    assert {outcome.part for outcome in evaluation.questions} == {
        "search", "turns", "facts", "filters", "abstain", "wrongly_abstained",
    }  # fmt: skip


def test_figures_are_shown_in_french(dev_run: tuple[Path, Path]) -> None:
    shown = (dev_run[0] / "shown.txt").read_text(encoding="utf-8")
    search = kept(dev_run[0]).search
    assert search is not None
    assert f"{search.ndcg10:.3f}".replace(".", ",") in shown
    assert "Recherche, première fiche la meilleure" in shown
    assert "Comparé" not in shown


def test_what_is_found_is_what_the_search_finds(
    dev_like: Path, dev_run: tuple[Path, Path], own_index: Index, encoder: Encoder
) -> None:
    knowledge = Knowledge(own_index, encoder, "")
    expected = {
        question.id: ", ".join(hit.sheet.id for hit in find_hits(question.query, knowledge))
        for question in read_set(dev_like).questions
    }
    assert {each.id: each.found for each in kept(dev_run[0]).questions if each.part == "search"} == expected


def test_the_report_says_why_a_sheet_was_missed(dev_run: tuple[Path, Path]) -> None:
    report = dev_run[1].read_text(encoding="utf-8")
    assert re.search(r"Manque la fiche \d+ \(note 2\), au rang", report)
    assert "| signal | cette fiche | la dixième | écart |" in report
    assert "| sens de la fiche |" in report


def test_a_second_run_is_compared_with_the_first(dev_like: Path, dev_run: tuple[Path, Path], tmp_path: Path) -> None:
    folder = make_data_dir(tmp_path)
    (folder / "index").symlink_to(dev_run[0] / "index")
    before = kept(dev_run[0])
    outcomes = [
        each.model_copy(update={"score": 0.0}) if each.id == before.questions[0].id else each
        for each in before.questions
    ]
    keep_evaluation(before.model_copy(update={"questions": tuple(outcomes), "version": "the one before"}), folder)
    again = run_evaluation(dev_like, Settings(data_dir=folder), "public")
    assert again["comparison"]["version"] == "the one before"
    assert f"search {before.questions[0].id}" in again["comparison"]["better"]
    assert again["comparison"]["worse"] == []
    assert set(again["comparison"]["differences"].values()) == {0.0}
    assert again["search"] == before.model_dump()["search"]


@pytest.fixture(scope="module")
def beir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What thirty sheets present, with a question that each answers, in BEIR's layout, and a text without a title."""
    folder = tmp_path_factory.mktemp("beir") / "petit"
    with (SHEETS / "csv" / "fiches.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:30]
    ids = [row["PDF FILE NAME"].split(".")[0] for row in rows]
    texts: list[dict[str, object]] = [
        {"_id": key, "title": row["TITRE DU PROJET"], "text": row["PRÉSENTATION DU PROJET"].split(" // ")[0]}
        for key, row in zip(ids, rows, strict=True)
    ]
    texts.append({"_id": "sans-titre", "title": "", "text": "Un texte.\n\nSon second paragraphe."})
    questions = yaml.safe_load((SHEETS / "questions-fiches.yaml").read_text(encoding="utf-8"))
    write_lines(folder / "corpus.jsonl", texts)
    write_lines(folder / "queries.jsonl", [{"_id": f"q{key}", "text": questions[int(key)][0]} for key in ids])
    grades = [f"q{key}\t{key}\t1" for key in ids]
    (folder / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *grades]), encoding="utf-8")
    return folder


def test_a_set_with_its_own_corpus_is_searched_in_it_and_indexed_once(beir: Path, tmp_path: Path) -> None:
    folder = make_data_dir(tmp_path)
    printed = run_assistant("evaluate", str(beir), "--limit", "8", "--json", ASSISTANT_DATA_DIR=str(folder)).stdout
    first = json.loads(printed)
    assert printed.count("\n") == 1
    assert first["search"]["n"] == 8
    assert first["search"]["recall10"] >= 0.7
    assert first["turns"] is None
    version = [path.name for path in (folder / "cache" / "evaluations").glob("*/2*")]
    second = run_evaluation(beir, Settings(data_dir=folder), "public", limit=8)
    assert second["comparison"]["differences"]["search.ndcg10"] == 0
    assert [path.name for path in (folder / "cache" / "evaluations").glob("*/2*")] == version
    assert len(version) == 1


def test_a_text_of_a_corpus_is_a_sheet_of_one_section(beir: Path) -> None:
    sheet = read_set(beir).corpus[-1]
    assert (sheet.id, sheet.title, len(sheet.sections)) == ("sans-titre", "", 1)
    assert [block.text for block in sheet.sections[0].blocks] == ["Un texte.", "Son second paragraphe."]


def test_a_limit_makes_another_set(beir: Path) -> None:
    assert len(read_set(beir, 3).questions) == 3
    assert read_set(beir, 3).digest != read_set(beir).digest


WRONG = {
    "no-file": ({}, "n'est pas un jeu de questions jugées"),
    "not-json": ({"queries.jsonl": "{\n"}, "queries.jsonl, ligne 1"),
    "no-id": ({"queries.jsonl": '{"query": "x"}\n'}, "champ 'id' : il manque cette valeur"),
    "unknown-filter": ({"filters.jsonl": '{"id":"1","query":"x","filters":{"ville":["a"]}}'}, "filters.ville"),
    "no-grades": ({"corpus.jsonl": '{"_id":"a","text":"x"}', "queries.jsonl": '{"_id":"q","text":"x"}'}, "qrels.tsv"),
    "bad-grade": (
        {"corpus.jsonl": '{"_id":"a","text":"x"}', "qrels.tsv": "q\ta\t1\nq\ta\tbon\n"},
        "ligne 2 : il faut question, texte et note",
    ),
    "not-utf8": ({"queries.jsonl": b"\xff"}, "n'est pas en UTF-8"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_set_that_cannot_be_read_is_refused_with_its_place(name: str, tmp_path: Path) -> None:
    files, says = WRONG[name]
    for file, content in files.items():
        (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SetWrong, match=says):
        read_set(tmp_path)


def make_evaluation(score: float, digest: str = "d", date: str = "2026-11-24T10:00:00+00:00") -> Evaluation:
    figures = SearchFigures(n=1, ndcg10=score, first_is_best_grade=1, recall10=1, by_kind={"need": score})
    outcome = Outcome(part="search", id="q1", question="?", score=score, wanted="1", found="1")
    return Evaluation(
        set="s", set_digest=digest, date=date, version="v", model="m", language_model=False,
        search=figures, abstain=AbstainFigures(n=2, abstained=0.5), questions=(outcome,),
    )  # fmt: skip


def test_only_the_last_run_of_the_same_questions_is_compared(tmp_path: Path) -> None:
    now = make_evaluation(0.9, date="2026-11-25T10:00:00+00:00")
    assert read_last(now, tmp_path) is None
    keep_evaluation(make_evaluation(0.5), tmp_path)
    keep_evaluation(make_evaluation(0.6, date="2026-11-24T11:00:00+00:00"), tmp_path)
    keep_evaluation(make_evaluation(0.7, digest="other", date="2026-11-24T12:00:00+00:00"), tmp_path)
    (tmp_path / "evaluations" / "s-20261124T1300.json").write_text("{}")
    last = read_last(now, tmp_path)
    assert last is not None
    comparison = compare(last, now)
    assert comparison.date == "2026-11-24T11:00:00+00:00"
    assert comparison.differences["search.ndcg10"] == 0.3
    assert comparison.differences["search.by_kind.need"] == 0.3
    assert comparison.differences["abstain.abstained"] == 0
    assert (comparison.better, comparison.worse) == (("search q1",), ())


def test_counts_are_no_figures() -> None:
    assert set(make_evaluation(1.0).figures()) == {
        "search.ndcg10", "search.first_is_best_grade", "search.recall10", "search.by_kind.need", "abstain.abstained",
    }  # fmt: skip
    assert RankingFigures(n=1, ndcg10=1, first_is_best_grade=1, recall10=1).model_dump()["n"] == 1
