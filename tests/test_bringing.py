"""Tables that staff bring: what is kept of them, and which of them a version is made of."""

import io
from pathlib import Path

import pytest
from conftest import make_data_dir, run_assistant

from assistant.bringing.file_names import tidy_file_name
from assistant.bringing.preview import describe, preview
from assistant.bringing.shelf import Brought, BroughtWrong, Shelf
from assistant.reindexing.reindex import settings_sources
from assistant.settings import Settings
from index.encoding.encoder import Encoder
from index.storage.folder_store import FolderStore

TABLE = "Nom;Ville;Texte\nSoupe;Rennes;On épluche la courge puis on la cuit longuement à l'eau\nPain;Brest;Du pain\n"


def bring(shelf: Shelf, title: str = "Recettes", text: str = TABLE, replaced: Brought | None = None) -> Brought:
    brought = shelf.add(title, [("mes recettes.csv", io.BytesIO(text.encode()))], replaced)
    brought = describe(shelf, brought, replaced)
    shelf.save(brought)
    return brought


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Fiches 2024.XLSX", "Fiches 2024.xlsx"),
        ("C:\\Users\\moi\\été (1).csv", "été (1).csv"),
        ("../../etc/passwd.csv", "passwd.csv"),
        ("..csv", "csv"),
        (".htaccess", "htaccess"),
        ("a\0b\n<c>.csv.gz", "a_b_c_.csv.gz"),
        ("x" * 300 + ".ods", "x" * 116 + ".ods"),
        ("/", ""),
    ],
)
def test_the_name_of_a_file_is_made_safe(written: str, kept: str) -> None:
    assert tidy_file_name(written) == kept


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["virus.exe"], "« virus.exe » n'est pas d'une forme qui se lit ici"),
        (["a.csv", "b.ods"], "Un tableau à la fois"),
        (["a.csv", "b.md"], "pas les deux"),
        (["a.pdf"], "Aucun tableau"),
        (["x/a.md", "y/a.md"], "se nomment « a.md »"),
    ],
)
def test_files_that_make_no_table_are_refused_and_nothing_is_kept(
    names: list[str], told: str, shelf: Shelf, tmp_path: Path
) -> None:
    with pytest.raises(BroughtWrong, match=told):
        shelf.add("Essai", [(name, io.BytesIO(b"x")) for name in names])
    assert list(tmp_path.rglob("*.csv")) == []
    assert shelf.list_drafts() == ()


def test_what_is_brought_waits_and_nothing_reads_it(shelf: Shelf, tmp_path: Path) -> None:
    brought = bring(shelf)
    assert [each.key for each in shelf.list_drafts()] == [brought.key]
    assert [source.address for source in settings_sources(Settings(data_dir=tmp_path, source="ailleurs"))] == [
        "ailleurs"
    ]
    assert [sheet.title for sheet in preview(shelf, brought).sheets] == ["Soupe", "Pain"]


def test_a_plan_adds_a_table_beside_the_others_and_is_read_until_something_else_is_in_service(
    shelf: Shelf, tmp_path: Path
) -> None:
    one, two = bring(shelf, "Un"), bring(shelf, "Deux")
    first, second = shelf.plan(one), shelf.plan(two)
    shelf.put_in_service(shelf.read_plan(first), "v1")
    assert [each.title for each in shelf.list_in_service()] == ["Un"]
    with pytest.raises(BroughtWrong, match="D'autres tableaux ont été mis en service"):
        shelf.read_plan(second)
    shelf.put_in_service(shelf.read_plan(shelf.plan(two)), "v2")
    sources = settings_sources(Settings(data_dir=tmp_path, source="ailleurs"))
    assert [source.prefix for source in sources] == ["", "un", "deux"]
    assert shelf.list_drafts() == ()


def test_a_table_in_service_instead_of_the_settings_sources_is_alone(shelf: Shelf, tmp_path: Path) -> None:
    brought = bring(shelf).model_copy(update={"instead": True, "access": "members"})
    shelf.save(brought)
    shelf.put_in_service((brought,), "v1")
    (source,) = settings_sources(Settings(data_dir=tmp_path, source="ailleurs"))
    assert (source.prefix, source.access, Path(source.address).name) == ("", "members", "mes recettes.csv")


def test_going_back_to_a_version_reads_its_tables_again(shelf: Shelf) -> None:
    one = bring(shelf)
    shelf.put_in_service((one,), "v1")
    two = bring(shelf, text=TABLE + "Flan;Lyon;On bat les œufs\n", replaced=one)
    shelf.put_in_service(shelf.read_plan(shelf.plan(two)), "v2")
    assert (two.name, [each.key for each in shelf.list_in_service()]) == (one.name, [two.key])
    shelf.go_back("v1")
    assert [each.key for each in shelf.list_in_service()] == [one.key]
    shelf.go_back("made before anything was brought")
    assert shelf.list_in_service() == ()


def test_a_table_that_replaces_another_is_read_as_it_was_and_its_new_columns_are_not(shelf: Shelf) -> None:
    one = bring(shelf)
    plans = tuple(
        plan.model_copy(update={"title": "Recette"}) if plan.part == "summary" else plan for plan in one.plans
    )
    shelf.save(one.model_copy(update={"plans": plans}))
    shelf.put_in_service((one,), "v1")
    lines = TABLE.replace("Nom;", "Temps;NOM;").replace("Soupe", "1 h;Soupe").replace("Pain;Brest", "2 h;Pain;Brest")
    two = bring(shelf, text=lines, replaced=one)
    assert {plan.column: plan.part for plan in two.plans} == {
        "Temps": "",
        "NOM": "title",
        "Ville": "commune",
        "Texte": one.plans[2].part,
    }


def test_a_table_of_a_version_that_is_kept_is_neither_changed_nor_forgotten(shelf: Shelf) -> None:
    brought = bring(shelf)
    shelf.put_in_service((brought,), "v1")
    shelf.put_in_service((), "v2")
    assert not shelf.remove(brought.key)
    assert [each.key for each in shelf.list_drafts()] == [brought.key]
    with pytest.raises(BroughtWrong, match="déjà été mis en service"):
        shelf.save(brought)
    shelf.forget_versions({"v2"})
    assert shelf.remove(brought.key)
    assert shelf.find(brought.key) is None


def test_of_very_many_drafts_the_oldest_make_room(shelf: Shelf) -> None:
    keys = [shelf.add(f"Essai {number}", [("a.csv", io.BytesIO(b"x"))]).key for number in range(22)]
    assert len(shelf.list_drafts()) == 20
    assert keys[-1] in {each.key for each in shelf.list_drafts()}


@pytest.mark.parametrize("key", ["..", "a/../b", "", "inconnu"])
def test_a_key_that_is_none_finds_nothing(key: str, shelf: Shelf) -> None:
    assert shelf.find(key) is None


def test_a_delivered_layout_that_was_made_for_a_table_is_chosen(shelf: Shelf) -> None:
    header = "Nom,Présentation,Statut juridique,Domaine(s),Région(s),Site internet,Notes\n"
    brought = bring(shelf, text=header + "24ème,Du logiciel libre,SCOP,web,Bretagne,https://a.example,\n")
    assert brought.layout == "cooptech"
    assert preview(shelf, brought).layout.name == "cooptech"


def test_texts_are_brought_together_and_read_as_a_folder(shelf: Shelf) -> None:
    texts = [(f"{name}.md", io.BytesIO(f"# {name}\n\n## Procédure\n\nOn fait.\n".encode())) for name in ("Un", "Deux")]
    brought = describe(shelf, shelf.add("Méthodes", texts))
    shelf.save(brought)
    assert sorted(sheet.title for sheet in preview(shelf, brought).sheets) == ["Deux", "Un"]


def test_sheets_brought_for_members_are_in_nothing_that_visitors_are_answered_from(
    tmp_path: Path, encoder: Encoder
) -> None:
    folder = make_data_dir(tmp_path / "data")
    shelf = Shelf(folder)
    brought = bring(shelf).model_copy(update={"instead": True, "access": "members"})
    shelf.save(brought)
    shelf.put_in_service((bring(shelf, "Ouvertes", TABLE.replace("Soupe", "Flan").replace("courge", "vanille")),), "v0")
    shelf.put_in_service((*shelf.list_in_service(), brought), "v1")
    done = run_assistant("reindex", ASSISTANT_DATA_DIR=str(folder), ASSISTANT_SOURCE=str(tmp_path / "nowhere"))
    assert done.returncode == 0, done.stderr
    store = FolderStore(folder / "index")
    visitors, members = (store.open(encoder.name, access) for access in ("public", "members"))
    assert {sheet.title for sheet in visitors.sheets} == {"Flan", "Pain"}
    assert "Soupe" in {sheet.title for sheet in members.sheets}
    assert not [each for each in visitors.passages if "courge" in each.text]
    assert visitors.labels == tuple(each for each in visitors.labels if each in members.labels)
