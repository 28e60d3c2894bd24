"""Command line of the questions that sheets answer: `assistant questions list`, `accept`, `reject`, `export`."""

import json
from typing import Annotated

import typer
import yaml

from assistant.cli.errors import clear_errors
from assistant.settings import read_settings
from ingest.questions import QUESTION_FILE, State

questions = typer.Typer(
    help="Les questions auxquelles les fiches répondent : elles servent à les trouver, sans être montrées.",
    no_args_is_help=True,
)

_STATES: dict[State, str] = {"accepted": "acceptée", "proposed": "proposée", "rejected": "refusée"}
_ORIGINS = {"staff": "équipe", "model": "modèle de langue"}

Codes = Annotated[list[str], typer.Argument(metavar="CODE...", help="Les codes que donne « list ».")]
OfSheet = Annotated[str, typer.Option("--sheet", help="L'identifiant d'une fiche.")]


@questions.command("list")
def list_questions(
    sheet: OfSheet = "",
    state: Annotated[State | None, typer.Option(help="proposed, accepted ou rejected.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Écrit une seule valeur JSON.")] = False,
) -> None:
    """Les questions de la version en service et celles qui sont refusées, avec leur origine et leur état."""
    with clear_errors():
        from assistant.assembly.versions import open_store
        from assistant.proposals.proposals import ProposalBook
        from assistant.proposals.review import list_questions as list_all

        settings = read_settings()
        rows = list_all(open_store(settings), ProposalBook(settings.data_dir))
        listed = [row for row in rows if sheet in ("", row.sheet) and state in (None, row.state)]
        if as_json:
            typer.echo(json.dumps({"questions": [row.model_dump() for row in listed]}, ensure_ascii=False))
            return
        shown = ""
        for row in listed:
            if row.sheet != shown:
                typer.echo(f"Fiche {row.sheet}, {row.title}")
                shown = row.sheet
            typer.echo(f"  {row.code}  {_STATES[row.state]:<9} {_ORIGINS[row.origin]:<16} {row.question}")
        if not listed:
            typer.echo(f"Aucune question. Écrivez-en dans {QUESTION_FILE}, à côté des fiches, puis : assistant reindex")


@questions.command()
def accept(codes: Codes) -> None:
    """Garde des questions proposées : elles restent même si le texte de la fiche change."""
    _review(codes, "accepted")


@questions.command()
def reject(codes: Codes) -> None:
    """Refuse des questions proposées : elles ne servent plus, et ne reviendront pas sur cette fiche."""
    _review(codes, "rejected")


@questions.command()
def export() -> None:
    """Écrit les questions du modèle comme dans le fichier de l'équipe, pour les y ajouter et les corriger."""
    with clear_errors():
        from assistant.proposals.proposals import ProposalBook

        sheets: dict[str, list[dict[str, object]]] = {}
        for proposal in ProposalBook(read_settings().data_dir):
            for each in proposal.questions:
                entry: dict[str, object] = {"question": each.text, "origin": "model"}
                if each.state != "proposed":
                    entry["accepted"] = each.state == "accepted"
                sheets.setdefault(proposal.sheet, []).append(entry)
        if sheets:
            typer.echo(yaml.safe_dump(sheets, allow_unicode=True, sort_keys=False, width=1000), nl=False)
        typer.echo(f"Questions exportées : {sum(map(len, sheets.values()))}.", err=True)


def _review(codes: list[str], state: State) -> None:
    with clear_errors():
        from assistant.proposals.proposals import ProposalBook
        from assistant.reindexing.runs import RunJournal

        data_dir = read_settings().data_dir
        with RunJournal(data_dir).alone():  # a reindexing writes proposals too
            texts = ProposalBook(data_dir).review(codes, state)
        for text in texts:
            typer.echo(f"{_STATES[state].capitalize()} : {text}")
        typer.echo("Pris en compte à la prochaine réindexation : assistant reindex")
