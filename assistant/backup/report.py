"""Report: what was saved or put back, told on the terminal."""

from pathlib import Path

from assistant.backup.archive import ArchiveManifest
from assistant.backup.contents import RESTORED_SETTINGS
from assistant.settings import Settings


def describe_backup(manifest: ArchiveManifest, file: Path) -> str:
    """What an archive holds and what it does not."""
    size = file.stat().st_size / 1_000_000
    return (
        f"Sauvegarde écrite et relue : {file}, {size:.1f} Mo, {_count(manifest)}.\n"
        "N'y sont pas : le modèle et les copies des sources, refaits d'eux-mêmes ; les versions de l'index qui ne sont "
        "plus en service.\n"
        "Elle contient des données personnelles et des secrets : gardez-la comme un mot de passe, ailleurs que sur "
        "cette machine."
    )


def describe_restored(manifest: ArchiveManifest, settings: Settings) -> str:
    """What was put back and what is left to do."""
    lines = [f"Sauvegarde du {manifest.made} remise en place : {_count(manifest)}."]
    kept = settings.data_dir / RESTORED_SETTINGS
    if any(each.name.startswith("settings/") for each in manifest.files):
        lines.append(f"Les réglages sauvegardés sont dans {kept} : comparez-les aux vôtres, qui n'ont pas changé.")
    if manifest.index is None:
        lines.append("Elle ne contient pas d'index. Lancez : assistant reindex")
    lines.append("Vous pouvez démarrer : assistant serve")
    return "\n".join(lines)


def _count(manifest: ArchiveManifest) -> str:
    index = f"index {manifest.index}" if manifest.index else "sans index"
    return f"{len(manifest.files)} fichiers, {index}, base {manifest.database}"
