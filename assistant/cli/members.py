"""Command line of the members' accounts: `assistant members add`, `list`, `remove`..."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.errors import clear_errors
from assistant.cli.staff import ask_password
from assistant.credentials.passwords import check_password
from assistant.settings import read_settings

if TYPE_CHECKING:
    from assistant.members.accounts import MemberAccounts
    from assistant.members.member import Member

members = typer.Typer(help="Les comptes des adhérents, qui lisent aussi les fiches descriptives.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="ADRESSE", help="L'adresse électronique du compte.")]
AsJson = Annotated[bool, typer.Option("--json", help="Écrit une seule valeur JSON.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Lit le mot de passe sur l'entrée standard, pour les scripts.")
]


@members.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="Prénom et nom, facultatifs.")] = "",
    password_stdin: FromStdin = False,
    without_password: Annotated[
        bool, typer.Option("--no-password", help="Sans mot de passe : la personne se connectera par un lien.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ajoute un compte ; le mot de passe est demandé deux fois."""
    with clear_errors():
        accounts = _open()
        password = "" if without_password else _read_password(from_stdin=password_stdin)
        _tell(accounts.add(email, name, password), "ajouté. Connexion : /connexion", as_json=as_json)


@members.command("list")
def list_accounts(
    sought: Annotated[str, typer.Argument(metavar="[LETTRES]", help="Des lettres de l'adresse ou du nom.")] = "",
    as_json: AsJson = False,
) -> None:
    """Les comptes."""
    with clear_errors():
        listed = _open().list_members(sought)
        if as_json:
            typer.echo(json.dumps({"members": [each.to_json() for each in listed]}, ensure_ascii=False))
            return
        for each in listed:
            typer.echo(f"{each.email or each.id}  {each.name}  {'suspendu' if each.revoked else ''}".rstrip())
        if not listed:
            typer.echo("Aucun compte. Ajoutez-en un : assistant members add ADRESSE")


@members.command()
def remove(email: Email, as_json: AsJson = False) -> None:
    """Retire un compte et tout ce qui lui appartient."""
    with clear_errors():
        accounts = _open()
        member = _find(accounts, email)
        accounts.remove(member.id)
        _tell(member, "retiré.", as_json=as_json)


@members.command()
def revoke(email: Email, as_json: AsJson = False) -> None:
    """Suspend l'accès, aussitôt, aussi dans les conversations ouvertes."""
    with clear_errors():
        accounts = _open()
        accounts.revoke(_find(accounts, email).id)
        _tell(_find(accounts, email), "suspendu.", as_json=as_json)


@members.command()
def restore(email: Email, as_json: AsJson = False) -> None:
    """Rétablit l'accès."""
    with clear_errors():
        accounts = _open()
        accounts.restore(_find(accounts, email).id)
        _tell(_find(accounts, email), "rétabli.", as_json=as_json)


@members.command()
def password(email: Email, password_stdin: FromStdin = False, as_json: AsJson = False) -> None:
    """Change le mot de passe ; les sessions ouvertes se ferment."""
    with clear_errors():
        accounts = _open()
        member = _find(accounts, email)
        accounts.set_password(member.id, _read_password(from_stdin=password_stdin))
        _tell(member, ": mot de passe changé, sessions fermées.", as_json=as_json)


def _open() -> "MemberAccounts":
    from assistant.members.accounts import MemberAccounts
    from assistant.store.database import open_settings_database

    return MemberAccounts(open_settings_database(read_settings()))


def _find(accounts: "MemberAccounts", email: str) -> "Member":
    """The account of an address, or of the id that `list` shows when there is none."""
    member = accounts.find_by_email(email) or accounts.find(email)
    if member is None:
        from assistant.members.accounts import MemberWrong

        raise MemberWrong(f"Il n'y a pas de compte {email!r}. Comptes : assistant members list")
    return member


def _read_password(*, from_stdin: bool) -> str:
    if not from_stdin:
        return ask_password()
    given = sys.stdin.readline().rstrip("\r\n")
    check_password(given)
    return given


def _tell(member: "Member", done: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"member": member.to_json()}, ensure_ascii=False))
    else:
        typer.echo(f"Compte {member.email or member.id} {done}")
