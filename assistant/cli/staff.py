"""Command line of the staff accounts: `assistant staff add`, `list`, `remove`."""

import json
import sys
from typing import Annotated

import typer

from assistant.cli.errors import clear_errors
from assistant.credentials.passwords import PasswordWrong, check_password
from assistant.settings import read_settings
from assistant.staff.accounts import StaffAccounts

staff = typer.Typer(help="Les comptes de l'équipe, pour les pages /admin.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NOM", help="Le nom du compte, sans espace.")]


@staff.command()
def add(
    name: Name,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Lit le mot de passe sur l'entrée standard, pour les scripts.")
    ] = False,
) -> None:
    """Ajoute un compte ; le mot de passe est demandé deux fois."""
    with clear_errors():
        accounts = StaffAccounts(read_settings().data_dir)
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ask_password()
        typer.echo(f"Compte {accounts.add(name, password)} ajouté. Connexion : /admin")


@staff.command("list")
def list_accounts(
    as_json: Annotated[bool, typer.Option("--json", help="Écrit une seule valeur JSON.")] = False,
) -> None:
    """Les noms des comptes."""
    with clear_errors():
        names = StaffAccounts(read_settings().data_dir).list_names()
        if as_json:
            typer.echo(json.dumps({"staff": names}, ensure_ascii=False))
        else:
            typer.echo("\n".join(names) or "Aucun compte. Ajoutez-en un : assistant staff add NOM")


@staff.command()
def remove(name: Name) -> None:
    """Retire un compte ; ses sessions ouvertes se ferment."""
    with clear_errors():
        typer.echo(f"Compte {StaffAccounts(read_settings().data_dir).remove(name)} retiré.")


def ask_password() -> str:
    """A password typed twice without echo, or raise PasswordWrong."""
    if not sys.stdin.isatty():
        raise PasswordWrong("Il n'y a pas de terminal où taper le mot de passe : donnez-le avec --password-stdin.")
    password = str(typer.prompt("Mot de passe", hide_input=True))
    check_password(password)
    if typer.prompt("Le même, encore une fois", hide_input=True) != password:
        raise PasswordWrong("Les deux mots de passe ne sont pas les mêmes. Recommencez.")
    return password
