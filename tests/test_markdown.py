"""Sheets written as Markdown: the real methods of multiBàO, and what people may write."""

from pathlib import Path

import pytest

from ingest.layout import FacetColumn, Layout, read_layout
from ingest.markdown import PageUnreadable, read_text_sheet
from ingest.reading import Reading
from ingest.row import RowUnusable
from ingest.sheet import Block, Sheet
from ingest.source import read_source


@pytest.fixture(scope="module")
def methods_layout() -> Layout:
    return read_layout("multibao")


@pytest.fixture(scope="module")
def methods(shared: Path, methods_layout: Layout) -> Reading:
    return read_source(str(shared / "corpus" / "multibao-methods"), methods_layout)


def read(text: str, folder: Path, layout: Layout, name: str = "methode.md") -> Sheet:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_text_sheet(path, layout).sheet


def test_every_real_method_is_read_and_the_readme_is_a_page(methods: Reading) -> None:
    assert (len(methods.practices), len(methods.pages), methods.rejected) == (82, 1, [])
    assert all(sheet.title and sheet.sections for sheet in methods.practices)


def test_a_method_has_its_title_its_sections_and_no_credit_line(methods: Reading) -> None:
    sheet = next(sheet for sheet in methods.practices if sheet.id == "budget_participatif")
    assert sheet.title == "Budget participatif citoyen"  # "#Budget", without a space, and not "Contribution multiBàO"
    sections = {section.key: section for section in sheet.sections}
    assert list(sections)[:3] == ["retenir", "utilite", "pratique"]
    assert sections["etapes"].title == "Déroulement"
    assert sections["etapes"].blocks[0].label == "Rôles"
    text = " ".join(block.text for section in sheet.sections for block in section.blocks)
    assert "Photo par" not in text
    assert "[1]" not in text
    assert "#note" not in text


def test_two_files_with_the_same_text_are_both_read_and_told(methods: Reading) -> None:
    ids = {sheet.id for sheet in methods.practices}
    assert {"planifier_gagne_", "planifier_gagné"} <= ids
    assert [notice.reason for notice in methods.notices if "même texte" in notice.reason]


def test_front_matter_fills_columns(tmp_path: Path, methods_layout: Layout) -> None:
    columns = methods_layout.columns.model_copy(update={"organisation": ("porteur",), "title": ("titre",)})
    layout = methods_layout.model_copy(update={"columns": columns})
    text = (
        "---\ntitre: Café des aidants\nporteur: Ville de Brest\nvide:\n---\n# Autre\n\n## Présentation\nOn se réunit.\n"
    )
    sheet = read(text, tmp_path, layout)
    assert (sheet.id, sheet.title, sheet.organisation) == ("methode", "Café des aidants", "Ville de Brest")
    assert [section.key for section in sheet.sections] == ["presentation"]


def test_a_heading_that_the_layout_does_not_name_keeps_its_own(tmp_path: Path, methods_layout: Layout) -> None:
    sheet = read("# T\nIntro.\n## 2. Ce qu'on évite\n- ceci\n- cela\n### Souvent\nEncore.\n", tmp_path, methods_layout)
    first, second = sheet.sections
    assert (first.key, first.blocks) == ("introduction", (Block(text="Intro."),))
    assert (second.key, second.title, second.joined) == ("ce-qu-on-evite", "Ce qu'on évite", True)
    assert second.blocks[-1] == Block(text="Encore.", label="Souvent")


def test_a_text_that_begins_with_a_section_takes_its_title_from_its_file(
    methods: Reading, tmp_path: Path, methods_layout: Layout
) -> None:
    sheet = read("## En une phrase\nOn boit un café.\n", tmp_path, methods_layout, "contributions_cafe_itinerant.md")
    assert (sheet.title, sheet.sections[0].key) == ("Cafe itinerant", "retenir")
    assert not {"En une phrase", "Présentation"} & {sheet.title for sheet in methods.practices}


def test_two_headings_of_the_same_name_have_two_keys(tmp_path: Path, methods_layout: Layout) -> None:
    sheet = read("# T\n## Déroulement\nUn.\n## Déroulé\nDeux.\n", tmp_path, methods_layout)
    assert [section.key for section in sheet.sections] == ["etapes", "etapes-2"]


def test_text_is_kept_as_written_and_persons_are_masked(tmp_path: Path, methods_layout: Layout) -> None:
    sheet = read("# T\n\nDeux  espaces ici. Écrire à jean@exemple.fr ou 06 12 34 56 78.\n", tmp_path, methods_layout)
    assert sheet.sections[0].blocks[0].text == ("Deux espaces ici. Écrire à [adresse masquée] ou [téléphone masqué].")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"# Titre seul\n", "pas de texte", id="no-text"),
        pytest.param(b"\xff\xfe\x00", "UTF-8", id="not-utf-8"),
        pytest.param(b"---\ntitle: [a\n---\n# T\ntexte", "YAML correct, ligne", id="bad-yaml"),
        pytest.param(b"---\ntitle: !!int a\n---\n# T\ntexte", "YAML correct", id="no-number"),
        pytest.param(b"+++\ntitle = a\n+++\n# T\ntexte", "TOML correct", id="bad-toml"),
        pytest.param(b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull", id="pointer"),
    ],
)
def test_a_text_that_is_no_sheet_is_refused(content: bytes, says: str, tmp_path: Path, methods_layout: Layout) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(content)
    with pytest.raises((PageUnreadable, RowUnusable), match=says):
        read_text_sheet(path, methods_layout)


def texts(sheet: Sheet) -> list[str]:
    return [block.text for section in sheet.sections for block in section.blocks]


def test_what_html_shows_in_a_text_is_read_and_what_it_hides_is_not(tmp_path: Path, methods_layout: Layout) -> None:
    html = '<div class="x">\nTexte important<br>\n<ul><li>Un point</li></ul>\n</div>\n\n<!-- caché -->\n\n'
    inline = 'ligne un<br>ligne deux <a href="https://x.fr/a">voir</a> <nom> <script>alert(2)</script>fin &eacute;\n'
    sheet = read(f"# T\n\n{html}<script>\nalert(1)\n</script>\n\n{inline}", tmp_path, methods_layout)
    assert texts(sheet) == ["Texte important", "Un point", "ligne un ligne deux voir <nom> fin é"]
    assert sheet.links == ("https://x.fr/a",)


def test_markdown_inside_a_block_of_html_is_read_as_such(tmp_path: Path, methods_layout: Layout) -> None:
    sheet = read('# T\n\n<a name="note"></a>\n* **1** [Outils](http://x.fr)\n* deux\n', tmp_path, methods_layout)
    assert (texts(sheet), sheet.links) == (["1 Outils", "deux"], ("http://x.fr",))


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            "| Étape | Durée |\n|---|---|\n| Réunion | 2 h |\n| Vote | |\n",
            ["Étape : Réunion ; Durée : 2 h", "Étape : Vote"],
        ),
        ("| | Coût |\n|---|---|\n| Salle | 300 € |\n", ["Salle ; Coût : 300 €"]),
        ("| Réunion | 2 h |\n|---|---|\n", ["Réunion ; 2 h"]),
    ],
    ids=["names", "a column without a name", "names alone"],
)
def test_each_row_of_a_table_stays_whole_with_the_names_of_its_columns(
    table: str, rows: list[str], tmp_path: Path, methods_layout: Layout
) -> None:
    sheet = read(f"# T\n\n{table}\nSuite.\n", tmp_path, methods_layout)
    assert texts(sheet) == [*rows, "Suite."]
    assert sheet.sections[0].joined


@pytest.mark.parametrize(
    "front",
    ["\ufeff---\ntitre: Café\n---\n", "\ufeff\n\n---\ntitre: Café\n---\n", '+++\ntitre = "Café"\n+++\n'],
    ids=["byte order mark", "blank lines before", "TOML"],
)
def test_front_matter_is_read_however_it_is_written(front: str, tmp_path: Path, methods_layout: Layout) -> None:
    columns = methods_layout.columns.model_copy(update={"title": ("titre",)})
    sheet = read(f"{front}Texte.\n", tmp_path, methods_layout.model_copy(update={"columns": columns}))
    assert (sheet.title, texts(sheet)) == ("Café", ["Texte."])


@pytest.mark.parametrize("written", ["0012", "01000", "1_000", "1e3", "0x1F", "12:30:45", "oui", "2019-02-30", "~x"])
def test_a_value_of_front_matter_is_what_is_written(written: str, tmp_path: Path, methods_layout: Layout) -> None:
    columns = methods_layout.columns.model_copy(update={"organisation": ("porteur",)})
    layout = methods_layout.model_copy(update={"columns": columns})
    sheet = read(f"---\nporteur: {written}\ndate: 2026-13-45\nvide: null\n---\n# T\nTexte.\n", tmp_path, layout)
    assert sheet.organisation == written


def test_a_list_of_codes_stays_a_list_whatever_signs_they_have(tmp_path: Path, methods_layout: Layout) -> None:
    facet = FacetColumn(title="Thème", column=("themes",), labels={"éco-quartier": "Éco-quartier", "eau": "Eau"})
    layout = methods_layout.model_copy(update={"facets": {"thematique": facet}})
    sheet = read("---\nthemes: [eau, éco-quartier]\n---\n# T\nTexte.\n", tmp_path, layout)
    assert sheet.thematique == ("eau", "éco-quartier")


def test_lines_between_rules_that_name_nothing_are_text(tmp_path: Path, methods_layout: Layout) -> None:
    assert texts(read("---\nTexte important.\n\n---\nSuite.\n", tmp_path, methods_layout)) == [
        "Texte important.",
        "Suite.",
    ]


def test_front_matter_that_nothing_ends_is_refused_with_what_to_add(tmp_path: Path, methods_layout: Layout) -> None:
    with pytest.raises(PageUnreadable, match="ajoutez une ligne « --- »"):
        read("---\ntitre: Café\n\nTexte.\n", tmp_path, methods_layout)


def test_what_says_nothing_in_front_matter_is_empty_and_told(tmp_path: Path, methods_layout: Layout) -> None:
    (tmp_path / "a.md").write_text("---\nporteur: '#N/A'\n---\n# T\nTexte.\n", encoding="utf-8")
    columns = methods_layout.columns.model_copy(update={"organisation": ("porteur",)})
    reading = read_text_sheet(tmp_path / "a.md", methods_layout.model_copy(update={"columns": columns}))
    assert reading.sheet.organisation == ""
    assert reading.mended == [("porteur", "'#N/A' compté comme une cellule vide")]
