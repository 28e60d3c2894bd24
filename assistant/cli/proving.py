"""Commands that check what others wrote: `assistant prove`, `assistant check`."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.batch import BatchWrong, read_lines
from assistant.cli.errors import clear_errors
from assistant.cli.options import AsJson, AsReader, access_of
from assistant.settings import read_settings


def prove(
    batch: Annotated[Path, typer.Option("--batch", help="Fichier JSONL : id, statement, passages (heading, text).")],
) -> None:
    """Dit si les passages cités soutiennent chaque phrase : une ligne JSON par phrase."""
    with clear_errors():
        rows = [_read_statement(batch, number, row) for number, row in read_lines(batch)]
        settings = read_settings()
        from assistant.assembly.knowledge import open_checker
        from assistant.process.computing import compute

        checker = compute(open_checker, settings)
        for name, statement, passages in rows:
            judged = checker.judge(statement, passages)
            told = {
                "id": name,
                "supported": judged.verdict == "confirmed",
                "probability": round(judged.chance, 4),
                "verdict": judged.verdict,
                "reason": judged.why,
                "quotes": [proof.sentence for proof in judged.proofs],
            }
            print(json.dumps(told, ensure_ascii=False))


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
        found = check_note(text, knowledge, compute(open_checker, settings, knowledge.encoder))
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


def _read_statement(path: Path, number: int, row: dict[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
    """The id, the statement and the passages of a row, or raise BatchWrong."""
    try:
        passages = [(str(each.get("heading", "")), str(each["text"])) for each in row["passages"]]
        return str(row["id"]), str(row["statement"]), passages
    except (KeyError, TypeError, AttributeError) as error:
        raise BatchWrong(
            f'{path}, ligne {number} : il faut "id", "statement" et "passages", une liste de {{"heading", "text"}}.'
        ) from error
