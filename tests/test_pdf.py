"""Members' documents: the project's own PDFs, PDFs made here, and what is not one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SHEETS
from fpdf import FPDF
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject, TextStringObject

from ingest.layout import Layout
from ingest.pdf import DocumentLocked, DocumentUnreadable, read_pdf
from ingest.reading import Reading
from ingest.row import document_name
from ingest.sheet import Paragraph
from ingest.source import read_source

PASSWORD = "fiche-exemple"  # of the one locked document that comes with the project
LOCKED = "1.Fiche_descriptive-Gers.pdf"


def make_pdf(path: Path, *pages: list[str], password: str = "") -> Path:
    """A PDF with these lines on its pages."""
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    if password:
        pdf.set_encryption(owner_password=f"{password}-owner", user_password=password)
    for lines in pages:
        pdf.add_page()
        for line in lines:
            pdf.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(path))
    return path


def test_paragraphs_keep_their_title_and_page(tmp_path: Path) -> None:
    path = make_pdf(
        tmp_path / "a.pdf",
        ["LE BUDGET", "La ville consacre cent", "mille euros au vote.", "Une commission suit.", "- Un point", "- Deux"],
        ["LES MOYENS", "HUMAINS", "Deux agents."],
    )
    assert read_pdf(path).paragraphs == (
        Paragraph(title="Le budget", page=1, text="La ville consacre cent mille euros au vote."),
        Paragraph(title="Le budget", page=1, text="Une commission suit."),
        Paragraph(title="Le budget", page=1, text="Un point"),
        Paragraph(title="Le budget", page=1, text="Deux"),
        Paragraph(title="Les moyens humains", page=2, text="Deux agents."),
    )


def test_lines_that_come_back_on_every_page_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    pages = [[f"Mairie de Plessé - 2021 page {n}", f"Texte {word}.", str(n)] for n, word in enumerate("abcd", start=1)]
    assert [paragraph.text for paragraph in read_pdf(make_pdf(tmp_path / "a.pdf", *pages)).paragraphs] == [
        "Texte a.",
        "Texte b.",
        "Texte c.",
        "Texte d.",
    ]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("85.Fiche_longue-Plesse_2021.pdf.pdf", "Faire vivre la démocratie participative"),
        ("97.Fiche_longue-Coutances_2021.pdf.pdf", "parler jeunesse, famille et mobilité"),
        ("44.Fiche_barometre-MEL.pdf", "La plateforme de participation de la métropole"),
    ],
    ids=["no spaces", "one missing", "spread letters"],
)
def test_headings_have_the_spaces_that_the_eye_sees(name: str, title: str, corpus: Path) -> None:
    assert any(title in paragraph.title for paragraph in read_pdf(corpus / "pdf" / name).paragraphs)


def test_contact_details_of_persons_are_masked(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", ["Ecrire a jeanne.martin@ville.fr ou au 02 40 79 60 14."])
    assert read_pdf(path).paragraphs[0].text == "Ecrire a [adresse masquée] ou au [téléphone masqué]."


def test_a_locked_pdf_is_not_opened_without_its_password(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", ["Secret."], password="ouvre-toi")
    with pytest.raises(DocumentLocked, match="mot de passe"):
        read_pdf(path)
    with pytest.raises(DocumentLocked, match="refusé"):
        read_pdf(path, "autre")
    assert read_pdf(path, "ouvre-toi").paragraphs[0].text == "Secret."


def test_a_pdf_locked_by_its_owner_alone_is_not_opened_either(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.set_encryption(owner_password="proprietaire")  # anyone's reader opens it; its owner locked it all the same
    pdf.add_page()
    pdf.set_font("Helvetica")
    pdf.cell(text="Texte.")
    pdf.output(str(tmp_path / "a.pdf"))
    with pytest.raises(DocumentLocked):
        read_pdf(tmp_path / "a.pdf")


@pytest.mark.parametrize("content", [b"", b"pas un PDF", b"%PDF-1.4\n%%EOF"])
def test_a_file_that_is_no_pdf_is_unreadable(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    with pytest.raises(DocumentUnreadable):
        read_pdf(tmp_path / "a.pdf")


def test_a_pdf_without_text_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(DocumentUnreadable, match="pas de texte"):
        read_pdf(make_pdf(tmp_path / "a.pdf", []))


def test_the_projects_three_documents_are_read_with_the_password_of_the_locked_one(layout: Layout) -> None:
    without = read_source(str(SHEETS), layout)
    assert (without.document_counts.read, without.document_counts.locked) == (2, 1)
    assert [notice.file for notice in without.notices if "mot de passe" in notice.reason] == [LOCKED]
    with_password = read_source(str(SHEETS), layout, passwords={"1.*": PASSWORD})
    assert (with_password.document_counts.read, with_password.document_counts.locked) == (3, 0)
    assert all(len(document.paragraphs) >= 5 for document in with_password.documents)


def test_a_password_serves_the_files_it_was_given_for_alone(layout: Layout) -> None:
    assert read_source(str(SHEETS), layout, passwords={"99.*": PASSWORD}).document_counts.locked == 1


@pytest.mark.parametrize("name", ["34.Fiche-Nîmes.pdf", "34.Fiche-Ni\u0302mes.pdf", "34.Fiche-Nîmes.PDF.pdf"])
def test_a_document_is_matched_whatever_its_accents_and_endings(name: str, tmp_path: Path, layout: Layout) -> None:
    make_pdf(tmp_path / name, ["Texte."])
    link = "https://exemple.fr/pdf/34.Fiche-N%C3%AEmes.pdf?raw=true"
    (tmp_path / "fiches.csv").write_text(
        f"TITRE DU PROJET,À RETENIR,LIEN PDF PROTEGE\nAgglo Forum,- Un point,{link}\n", encoding="utf-8"
    )
    reading = read_source(str(tmp_path), layout)
    assert [document.sheet for document in reading.documents] == ["34"]


def test_an_unreadable_document_is_reported_and_its_sheet_stays(sheets_copy: Path, layout: Layout) -> None:
    (sheets_copy / "pdf" / LOCKED).write_bytes(b"pas un PDF")
    reading = read_source(str(sheets_copy), layout)
    assert reading.document_counts.unreadable == 1
    assert [remark.file for remark in reading.rejected] == [LOCKED]
    assert "1" in {sheet.id for sheet in reading.practices}


def change_pdf(path: Path, change: Callable[[PdfWriter], None]) -> Path:
    """A PDF with something of it changed."""
    writer = PdfWriter(clone_from=str(path))
    change(writer)
    writer.write(str(path))
    return path


def read_announced(folder: Path, layout: Layout) -> Reading:
    """What is read in a folder where a sheet announces the document "1.Fiche.pdf"."""
    (folder / "fiches.csv").write_text(
        "TITRE DU PROJET,À RETENIR,LIEN PDF PROTEGE\nForum,- Un point,1.Fiche.pdf\n", encoding="utf-8"
    )
    return read_source(str(folder), layout)


def test_pages_without_text_are_counted_and_told_at_each_reading(tmp_path: Path, layout: Layout) -> None:
    make_pdf(tmp_path / "1.Fiche.pdf", ["Un texte."], [], [])
    reading = read_announced(tmp_path, layout)
    known = {document.digest: document for document in reading.documents}
    for each in (reading, read_source(str(tmp_path), layout, known=known)):
        (told,) = [notice.reason for notice in each.notices if notice.file == "1.Fiche.pdf"]
        assert told.startswith("2 pages sur 3 sans texte (n° 2, 3) : numérisées en image ?")


def test_notes_and_joined_files_are_told(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica")
    pdf.cell(text="Texte.")
    pdf.text_annotation(50, 50, "À revoir")
    pdf.embed_file(bytes=b"x", basename="annexe.xlsx")
    pdf.output(str(tmp_path / "a.pdf"))
    notes, files = read_pdf(tmp_path / "a.pdf").remarks
    assert notes == "1 note(s) ou commentaire(s) posés sur les pages ne sont pas lus : mettez-les dans le texte"
    assert "annexe.xlsx" in files


def test_the_values_of_a_form_are_read_with_their_names(tmp_path: Path) -> None:
    def add_field(writer: PdfWriter) -> None:
        field = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/FT"): NameObject("/Tx"),
                NameObject("/T"): TextStringObject("commune"),
                NameObject("/V"): TextStringObject("Saillans"),
                NameObject("/Rect"): ArrayObject([NumberObject(each) for each in (100, 600, 300, 620)]),
            }
        )
        fields = ArrayObject([writer._add_object(field)])
        writer.pages[0][NameObject("/Annots")] = fields
        writer._root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): fields})

    path = change_pdf(make_pdf(tmp_path / "a.pdf", ["Le formulaire"]), add_field)
    assert [each.text for each in read_pdf(path).paragraphs] == ["Le formulaire", "commune : Saillans"]


def test_a_turned_page_is_read_in_its_order(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", ["LE BUDGET PARTICIPATIF", "Une phrase.", "Une autre."])
    change_pdf(path, lambda writer: writer.pages[0].rotate(90) and None)
    assert [(each.title, each.text) for each in read_pdf(path).paragraphs] == [
        ("Le budget participatif", "Une phrase."),
        ("Le budget participatif", "Une autre."),
    ]


@pytest.mark.parametrize("spoiled", [90, 3])
def test_a_font_whose_letters_have_no_meaning_is_told_or_the_document_left(spoiled: int, tmp_path: Path) -> None:
    def spoil(writer: PdfWriter) -> None:
        pairs = "".join(f"<{code:02x}> <{0xE000 + code:04x}>\n" for code in range(33, 33 + spoiled))
        table = f"1 begincodespacerange <00> <ff> endcodespacerange {spoiled} beginbfchar\n{pairs}endbfchar"
        stream = StreamObject()
        stream._data = f"begincmap {table} endcmap".encode()
        fonts = writer.pages[0]["/Resources"]["/Font"]
        next(iter(fonts.values())).get_object()[NameObject("/ToUnicode")] = writer._add_object(stream)

    path = change_pdf(
        make_pdf(tmp_path / "a.pdf", ["!!! Le conseil citoyen se réunit chaque mois, à la mairie."]), spoil
    )
    if spoiled == 90:
        with pytest.raises(DocumentUnreadable, match="n'ont pas de sens"):
            read_pdf(path)
    else:
        assert read_pdf(path).remarks[0].startswith("6% des caractères de ce PDF n'ont pas de sens")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.4\nrien", "ce PDF est abîmé, ou ce n'en est pas un : exportez-le à nouveau"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:a\nsize 9\n", "git lfs pull"),
    ],
    ids=["spoiled", "pointer"],
)
def test_what_is_no_pdf_is_told_in_french_with_what_to_do(
    content: bytes, says: str, tmp_path: Path, layout: Layout
) -> None:
    (tmp_path / "1.Fiche.pdf").write_bytes(content)
    (told,) = read_announced(tmp_path, layout).rejected
    assert says in told.reason


def test_the_owner_of_a_pdf_locked_against_changes_alone_opens_it_with_an_empty_password(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.set_encryption(owner_password="proprietaire")
    pdf.add_page()
    pdf.set_font("Helvetica")
    pdf.cell(text="Texte.")
    pdf.output(str(tmp_path / "a.pdf"))
    with pytest.raises(DocumentLocked, match="indiquez un mot de passe vide"):
        read_pdf(tmp_path / "a.pdf")
    assert read_pdf(tmp_path / "a.pdf", "").paragraphs[0].text == "Texte."


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://x.fr/pdf/1. Fiche longue.pdf?raw=true", "1. Fiche longue.pdf"),
        ("https://x.fr/pdf/1. Fiche #2.pdf", "1. Fiche #2.pdf"),
        ("https://x.fr/pdf/1.Fiche.pdf#page=2", "1.Fiche.pdf"),
    ],
)
def test_a_link_with_spaces_or_signs_names_its_document(link: str, name: str) -> None:
    assert document_name(link) == name


@pytest.mark.parametrize("contact", ["+33 (0)6 12 34 56 78", "0033 6 12 34 56 78", "jean (at) ville.fr"])
def test_hidden_contacts_are_masked_in_documents_too(contact: str, tmp_path: Path) -> None:
    read = read_pdf(make_pdf(tmp_path / "a.pdf", [f"Appeler {contact} le soir."]))
    assert read.paragraphs[0].text in ("Appeler [téléphone masqué] le soir.", "Appeler [adresse masquée] le soir.")


def make_side_by_side(path: Path, left: list[str], right: list[str]) -> Path:
    """A page whose lines are written one after the other across two columns."""
    pdf = FPDF()
    pdf.set_font("Helvetica", size=11)
    pdf.add_page()
    for row, (before, after) in enumerate(zip(left, right, strict=True)):
        pdf.text(10, 20 + 6 * row, before)
        pdf.text(110, 20 + 6 * row, after)
    pdf.output(str(path))
    return path


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = ["La ville tire au sort des", "habitants pour juger", "les projets proposés."]
    right = ["Ils se réunissent chaque", "mois à la mairie avec", "les services."]
    assert [each.text for each in read_pdf(make_side_by_side(tmp_path / "a.pdf", left, right)).paragraphs] == [
        "La ville tire au sort des habitants pour juger les projets proposés.",
        "Ils se réunissent chaque mois à la mairie avec les services.",
    ]


def test_the_rows_of_a_table_in_a_pdf_stay_rows(tmp_path: Path) -> None:
    names, values = ["Budget", "Durée", "Public"], ["10 000 euros", "Trois mois", "Jeunes de la ville"]
    (paragraph,) = read_pdf(make_side_by_side(tmp_path / "a.pdf", names, values)).paragraphs
    assert paragraph.text == "Budget 10 000 euros Durée Trois mois Public Jeunes de la ville"
