"""Names in questions, and whether a sheet tells of them, over the real sheets."""

from pathlib import Path

import pytest

from assistant.finding.names import Name, find_names, find_unknown, is_told
from assistant.reading.understanding import understand
from index.encoding.encoder import Encoder
from index.opened import Index
from index.storage.folder_store import FolderStore


def unknown(question: str, index: Index) -> str:
    found = find_unknown(question, understand(question, index.lexicon), index)
    return found.text if found else ""


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Que fait la RATP avec Open Source Politics ?", ["RATP", "Open Source Politics"]),
        ("Qu'en dit la loi 3DS ?", ["loi 3DS"]),
        ("selon le code de l'urbanisme, faut-il concerter ?", ["code de l'urbanisme"]),
        ("la loi impose-t-elle une concertation ?", []),
        ("conseil citoyen en QPV et NPNRU", []),
        ("Comment faire voter les enfants ?", []),
        ("Which cities did it in March?", []),
        ("QUI A FAIT UN BUDGET PARTICIPATIF", []),
    ],
)
def test_names_are_told_from_words(question: str, names: list[str], real_index: Index) -> None:
    understood = understand(question, real_index.lexicon)
    found = find_names(question, understood.places, real_index, understood.language)
    assert [name.text for name in found] == names


@pytest.mark.parametrize(
    ("question", "name"),
    [
        (
            "Que fait la ville de Strasbourg pour ses habitants ?",
            "Strasbourg",
        ),  # named in passing in a sheet of Mulhouse
        ("Le budget participatif de Lisbonne", "Lisbonne"),
        ("Combien coûte une licence Fluicity ?", "Fluicity"),
        ("Que prévoit la convention d'Aarhus ?", "Aarhus"),
        ("plateforme participative de Metz", "Metz"),
    ],
)
def test_a_name_of_which_no_sheet_tells_is_found(question: str, name: str, real_index: Index) -> None:
    assert unknown(question, real_index) == name


@pytest.mark.parametrize(
    "question",
    [
        "Qu'a fait Kingersheim ?",
        "la démarche de Kingersheimm",  # mistyped
        "Je suis maire de Dijon, comment associer les habitants ?",
        "Comment travaille Cap Collectif ?",
        "passages à niveau à Marnes-la-Coquette",
        "exemples près de Strasbourg ou de Mulhouse",
        "Saint Jean de Braye et le RSA",
        "Des retraités qui ne veulent pas finir en Ehpad",  # a sheet writes it "EHPAD", of its organisation
    ],
)
def test_a_name_that_a_sheet_has_or_that_is_of_who_asks_is_no_obstacle(question: str, real_index: Index) -> None:
    assert unknown(question, real_index) == ""


def test_a_name_that_only_members_may_read_is_untold_for_others(reserved_data_dir: Path, encoder: Encoder) -> None:
    store, name = FolderStore(reserved_data_dir / "index"), Name(start=0, end=6, text="Mensch")
    assert is_told(name, store.open(encoder.name, "members"))
    assert not is_told(name, store.open(encoder.name, "public"))
