"""The judge of statements: its model as it is shipped, what it reaches on the judged set, its commands."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import MODELS, run_assistant
from written import open_checker

from assistant.checks.checker import Checker, Judged
from assistant.checks.support import climb, load
from index.encoding.encoder import open_encoder

HEADING = "Budget participatif – Ville de Foix – Déroulé du projet"
TEXT = (
    "La ville a réservé 20 000 € aux jeunes de 13 à 17 ans. "
    "Les habitants déposent leurs idées en mars, puis les services les chiffrent. "
    "L'objectif est de toucher ceux qui ne votent pas. Aucun prestataire n'a été retenu."
)


def judge(statement: str) -> Judged:
    return open_checker().judge(statement, [(HEADING, TEXT)])


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        pytest.param("Foix a réservé 30 000 € aux jeunes.", "figure", id="another-figure"),
        pytest.param("La ville a réservé 20 000 € aux jeunes de Toulouse.", "name", id="another-place"),
        pytest.param("L'agence Cap Collectif chiffre les idées en mars.", "name", id="another-organisation"),
    ],
)
def test_a_figure_or_a_name_that_is_not_there_contradicts(statement: str, why: str) -> None:
    judged = judge(statement)
    assert (judged.verdict, judged.why) == ("contradicted", why)


@pytest.mark.parametrize(
    "statement",
    [
        "Les habitants déposent leurs idées en mars.",
        "À Foix, les services chiffrent les idées que les habitants déposent en mars.",
        "La ville de Foix a réservé 20 000 € aux jeunes de 13 à 17 ans.",
    ],
)
def test_what_is_said_is_not_contradicted_and_is_proved_by_its_sentence(statement: str) -> None:
    judged = judge(statement)
    assert judged.verdict != "contradicted"
    assert all(proof.sentence in TEXT for proof in judged.proofs)


def test_a_share_that_two_figures_give_is_not_contradicted_and_another_is() -> None:
    text = "Sur les 487 projets déposés, 122 ont été soumis au vote des habitants."
    told = {share: open_checker().judge(f"{share} des projets ont été soumis au vote.", [(HEADING, text)])
            for share in ("Un quart", "La moitié")}  # fmt: skip
    assert [(each.verdict, each.why) for each in told.values()] == [("doubtful", "figure"), ("contradicted", "figure")]


@pytest.mark.parametrize("statement", ["", " ", "?", "…", "1", "[", "\u200b", "a" * 900, "é " * 400])
def test_any_text_is_judged(statement: str) -> None:
    assert judge(statement).verdict in ("doubtful", "contradicted")
    assert open_checker().judge(statement, []).verdict == "doubtful"
    assert open_checker().judge(statement, [("", "")]).verdict == "doubtful"


def test_a_forest_is_climbed_to_its_leaves() -> None:
    """One tree: under 0 of the first sign its left leaf, else by the second sign."""
    forest = {
        "roots": np.array([0]),
        "left": np.array([1, 1, 3, 3, 4]),
        "right": np.array([2, 1, 4, 3, 4]),
        "sign": np.array([0, 0, 1, 0, 0]),
        "threshold": np.array([0.0, 0.0, 0.5, 0.0, 0.0]),
        "value": np.array([0.0, -1.0, 0.0, 2.0, 4.0]),
        "start": np.float32(0.25),
        "depth": np.int16(3),
    }
    signs = np.array([[-1.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    assert [climb(forest, each) for each in signs] == [-0.75, 2.25, 4.25]


def test_the_shipped_model_reaches_its_figures_on_the_judged_set(shared: Path) -> None:
    rows = [json.loads(line) for line in (shared / "eval" / "dev" / "statements.jsonl").read_text().splitlines()]
    told: dict[str, list[str]] = {"faithful": [], "unfaithful": []}
    for row in rows:
        passages = [(each["heading"], each["text"]) for each in row["passages"]]
        told[row["label"]].append(open_checker().judge(row["statement"], passages).verdict)
    share = {label: {one: all_.count(one) / len(all_) for one in set(all_)} for label, all_ in told.items()}
    print(share)
    assert share["unfaithful"].get("confirmed", 0.0) <= 0.10
    assert share["faithful"].get("confirmed", 0.0) >= 0.45
    assert share["faithful"].get("contradicted", 0.0) <= 0.10


def test_the_model_is_small_and_its_thresholds_are_in_order() -> None:
    fitted = load()
    assert 0 < fitted.contradicted < fitted.confirmed < 1
    assert len(fitted.names) == len(fitted.centre) == len(fitted.spread)


def test_statements_are_proved_a_line_each(own_data_dir: Path, tmp_path: Path) -> None:
    passages = [{"heading": HEADING, "text": TEXT}]
    stated = {"a": "Les habitants déposent leurs idées en mars.", "b": "Foix a réservé 30 000 € aux jeunes."}
    rows = [{"id": name, "statement": statement, "passages": passages} for name, statement in stated.items()]
    batch = tmp_path / "statements.jsonl"
    batch.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run_assistant("prove", "--batch", str(batch), ASSISTANT_DATA_DIR=str(own_data_dir))
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["id"], each["supported"]) for each in told] == [("a", True), ("b", False)]
    assert told[1]["reason"] == "figure"
    assert all(0 <= each["probability"] <= 1 and each["quotes"] for each in told)
    batch.write_text('{"id": "a", "statement": "x"}\n', encoding="utf-8")
    wrong = run_assistant("prove", "--batch", str(batch), ASSISTANT_DATA_DIR=str(own_data_dir))
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "ligne 1" in wrong.stderr


@pytest.mark.parametrize(
    ("statement", "is_misplaced"),
    [
        pytest.param("Le jury compte 33 femmes et 35 hommes de quarante communes.", True, id="exchanged"),
        pytest.param("Le jury compte 35 femmes et 33 hommes de quarante communes.", False, id="as-they-are"),
        pytest.param("Le jury compte 33 hommes de quarante communes.", False, id="one-of-them"),
        pytest.param("Le jury compte 35 hommes de quarante communes.", True, id="one-for-the-other"),
    ],
)
def test_a_figure_that_counts_another_thing_in_the_same_sentence_is_not_confirmed(
    statement: str, is_misplaced: bool
) -> None:
    text = "Le jury compte 35 femmes et 33 hommes, venus de quarante communes de la vallée."
    judged = Checker(open_encoder("multilingual-e5-small", MODELS), replace(load(), confirmed=0.0)).judge(
        statement, [(HEADING, text)]
    )
    assert (judged.verdict != "confirmed") == is_misplaced
