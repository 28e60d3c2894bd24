"""Commands of whoever runs a server: `assistant serve`, `backup`, `restore`, `purge`."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.errors import clear_errors, notices
from assistant.cli.options import AsJson
from assistant.settings import read_settings


def purge(
    days: Annotated[
        int | None, typer.Option(min=0, help="Jours gardés, 0 : aucun ; ASSISTANT_RETENTION_DAYS sinon.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Efface pour de bon questions, avis et conversations plus anciens ; le serveur le fait aussi chaque jour."""
    with clear_errors():
        settings = read_settings()
        from assistant.store.database import open_settings_database
        from assistant.store.retention import purge as run

        purged = run(open_settings_database(settings), settings.retention_days if days is None else days)
        if as_json:
            print(purged.model_dump_json())
        else:
            print(f"Effacé : {purged.questions} questions, {purged.conversations} conversations.")


def serve(
    host: Annotated[str | None, typer.Option(help="Adresse d'écoute ; ASSISTANT_HOST sinon.")] = None,
    port: Annotated[int | None, typer.Option(help="Port d'écoute ; ASSISTANT_PORT sinon.")] = None,
) -> None:
    """Sert le chat et l'API. S'il n'y a pas encore d'index, indexe d'abord la source des réglages."""
    with clear_errors():
        settings = read_settings(host=host, port=port)
        from assistant.web.server import serve as run

        run(settings, notices)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="L'archive à écrire : .tar.zst ou .tar.gz.")],
    as_json: AsJson = False,
) -> None:
    """Sauvegarde tout ce qui compte, pendant que les serveurs tournent."""
    with clear_errors():
        settings = read_settings()
        from assistant.backup.backup import back_up, check_saved_index
        from assistant.backup.report import describe_backup

        manifest = back_up(settings, file)
        print(manifest.model_dump_json(exclude={"files"}) if as_json else describe_backup(manifest, file))
        check_saved_index(settings, manifest)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="L'archive qu'a écrite « assistant backup ».")],
    force: Annotated[
        bool, typer.Option("--force", help="Remplace ce que contient déjà le dossier de données.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remet ce qu'une sauvegarde contient ; les serveurs doivent être arrêtés."""
    with clear_errors():
        settings = read_settings()
        from assistant.backup.report import describe_restored
        from assistant.backup.restore import restore as run

        manifest = run(settings, file, force=force)
        print(manifest.model_dump_json(exclude={"files"}) if as_json else describe_restored(manifest, settings))
