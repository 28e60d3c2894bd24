"""Commands that check what others wrote: `assistant prove`, `assistant check`."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.batch import BatchWrong, read_lines
from assistant.cli.errors import clear_errors
from assistant.cli.options import AsJson, AsReader, access_of
from assistant.settings import read_settings

if TYPE_CHECKING:
    from assistant.checks.checker import Judged
    from assistant.llm.review import Reviewer

_Row = tuple[str, str, list[tuple[str, str]]]  # an id, a statement, the headings and texts of its passages
_REVIEWED_AT_ONCE = 10


def prove(
    batch: Annotated[Path, typer.Option("--batch", help="Fichier JSONL : id, statement, passages (heading, text).")],
) -> None:
    """Dit si les passages cités soutiennent chaque phrase : une ligne JSON par phrase."""
    with clear_errors():
        rows = [_read_statement(batch, number, row) for number, row in read_lines(batch)]
        settings = read_settings()
        from assistant.assembly.knowledge import open_checker, open_reviewer
        from assistant.process.computing import compute

        reviewer = open_reviewer(settings)
        checker = compute(open_checker, settings)
        judged = [compute(checker.judge, statement, passages) for _, statement, passages in rows]
        if reviewer:
            judged = asyncio.run(_review(reviewer, rows, judged))
        for (name, _, _), each in zip(rows, judged, strict=True):
            told = {
                "id": name,
                "supported": each.verdict == "confirmed",
                "probability": round(each.chance, 4),
                "verdict": each.verdict,
                "reason": each.why,
                "quotes": [proof.sentence for proof in each.proofs],
            }
            print(json.dumps(told, ensure_ascii=False))


async def _review(reviewer: "Reviewer", rows: Sequence[_Row], judged: Sequence["Judged"]) -> list["Judged"]:
    """The same, what is doubtful judged by the language model, as many in a call as an answer may have."""
    from assistant.checks.checker import Doubt

    found = list(judged)
    doubtful = [row for row, each in enumerate(judged) if each.is_open]
    for start in range(0, len(doubtful), _REVIEWED_AT_ONCE):
        some = doubtful[start : start + _REVIEWED_AT_ONCE]
        confirmed = await reviewer.review([Doubt(*rows[row][1:]) for row in some])
        for at in confirmed:
            found[some[at]] = judged[some[at]].confirm("review")
    return found


def check(
    note: Annotated[Path, typer.Argument(help="Un texte : .md, .txt ou .docx.")],
    reader: AsReader = "public",
    as_json: AsJson = False,
) -> None:
    """Compare un texte avec les fiches : chaque phrase qui a un chiffre, une citation ou un nom."""
    with clear_errors():
        settings = read_settings()
        from assistant.assembly.knowledge import assemble, open_checker
        from assistant.checks.note import check_note, sum_up, tell_verdict
        from assistant.checks.note_file import read_note
        from assistant.process.computing import compute

        text = read_note(note)
        knowledge = assemble(settings, access_of(reader))
        checker = compute(open_checker, settings, knowledge.encoder)
        found = compute(check_note, text, knowledge, checker)
        if as_json:
            print(json.dumps([each.model_dump() for each in found], ensure_ascii=False))
            return
        for each in found:
            typer.echo(f"{tell_verdict(each.verdict)} : {each.sentence}")
            if each.told:
                typer.echo(f"    la fiche dit : {each.told}")
            if each.quote:
                typer.echo(f"    fiche {each.sheet} : « {each.quote} »")
        left = sum_up(text, found).unchecked
        typer.echo(f"Phrases comparées avec les fiches : {len(found)} ; sans rien à comparer : {left}.")


def _read_statement(path: Path, number: int, row: dict[str, Any]) -> _Row:
    """The id, the statement and the passages of a row, or raise BatchWrong."""
    try:
        passages = [(str(each.get("heading", "")), str(each["text"])) for each in row["passages"]]
        return str(row["id"]), str(row["statement"]), passages
    except (KeyError, TypeError, AttributeError) as error:
        raise BatchWrong(
            f'{path}, ligne {number} : il faut "id", "statement" et "passages", une liste de {{"heading", "text"}}.'
        ) from error
