"""Tables made by chance, as the csv module writes them: each row is read as it was written, or its trouble is told."""

import csv
import gzip
import io
import os
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.layout import Files, Identity, Layout, SectionColumn, SheetColumns
from ingest.markup import read_markup
from ingest.repair import mask_contacts, repair_text
from ingest.table import TableReading, TableUnusable, read_table

_RUNS = int(os.environ.get("ROUND_TRIPS", "60"))
HEADER = ["N°", "Titre", "Texte", "Porteur"]
LAYOUT = Layout(
    name="essai",
    title="Essai",
    files=Files(tables=("*.csv",)),
    id=Identity(columns=("N°",)),
    columns=SheetColumns(title=("Titre",), organisation=("Porteur",)),
    sections=(SectionColumn(key="texte", title="Texte", column=("Texte",)),),
)
_PLAIN = "aBe 059.,;:|\t\"\"''\n\r-–=/()<>&#+_*!?"
_FRENCH = "éèàçêîôûëïü"  # what no two bytes of Windows-1252 make a letter of UTF-8 of
_cells = st.text(st.sampled_from(_PLAIN + _FRENCH), max_size=25)
_any_cells = st.text(st.sampled_from(_PLAIN + _FRENCH + "’«»€œÉ\u00a0😀"), max_size=25)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], bytes, str]:
    """Rows, the bytes of the file that has them, and its name."""
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
    cells = _cells if encoding == "cp1252" else _any_cells
    rows = [[str(n), *draw(st.tuples(cells, cells, cells))] for n in range(1, draw(st.integers(1, 5)) + 1)]
    delimiter, name = (
        draw(st.sampled_from([",", ";", "\t", "|"])),
        draw(st.sampled_from(["f.csv", "F.CSV", "f.csv.gz"])),
    )
    written = io.StringIO()
    written.write(f"sep={delimiter}\r\n" if draw(st.booleans()) else "")
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    csv.writer(written, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows([HEADER, *rows])
    content = written.getvalue().encode(encoding)
    return rows, gzip.compress(content) if name.endswith(".gz") else content, name


def read(content: bytes, name: str, refusal: str = "") -> TableReading | None:
    """What the product reads in it; None when it refuses the table in these words."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            return read_table(path, LAYOUT)
        except TableUnusable as error:
            if refusal not in str(error):
                raise
            return None


def lines(cell: str) -> list[str]:
    """A cell as it should be shown."""
    shown = [mask_contacts(line.strip()) for line in repair_text(read_markup(cell), lost_commas=False).split("\n")]
    return [line for line in shown if line]


def is_told(number: int, reading: TableReading) -> bool:
    """Whether a remark names this row."""
    remarks = [remark for remark in (*reading.rejected, *reading.notices) if remark.row]
    listed = [remark.reason.rpartition("lignes : ")[2].rstrip(")").split(", ") for remark in remarks]
    return any(remark.row == number or str(number) in rows for remark, rows in zip(remarks, listed, strict=True))


def untold(rows: list[list[str]], reading: TableReading, *, but: str = "") -> list[int]:
    """The rows that were read otherwise than written, or not at all, and of which nothing is told."""
    sheets = {sheet.id: sheet for sheet in reading.sheets}
    wrong = []
    for number, (id_, title, text, owner) in enumerate(rows, start=2):
        expected = [" ".join(" ".join(lines(title)).split()), lines(text), " ".join(" ".join(lines(owner)).split())]
        sheet = sheets.get(id_)
        blocks = [block.text for section in sheet.sections for block in section.blocks] if sheet else []
        got = [sheet.title, blocks, sheet.organisation] if sheet else None
        if str(got).replace(but, "") != str(expected).replace(but, "") and not is_told(number, reading):
            wrong.append(number)
    return wrong


@settings(max_examples=_RUNS, deadline=None, derandomize=_RUNS <= 60)
@given(tables())
def test_a_table_is_read_as_it_was_written_or_what_was_not_is_told(
    table: tuple[list[list[str]], bytes, str],
) -> None:
    rows, content, name = table
    reading = read(content, name, "un guillemet ouvert")
    assert reading is None or untold(rows, reading) == []


@settings(max_examples=_RUNS, deadline=None, derandomize=_RUNS <= 60)
@given(tables(), st.data())
def test_a_quotation_mark_too_many_or_too_few_is_never_read_in_silence(
    table: tuple[list[list[str]], bytes, str], data: st.DataObject
) -> None:
    rows, content, name = table
    plain = gzip.decompress(content) if name.endswith(".gz") else content
    encoding = "utf-16" if plain.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = plain.decode(encoding)
    except UnicodeDecodeError:
        text = plain.decode("cp1252")
    at = data.draw(st.integers(text.find("\n") + 1, len(text)))
    spoiled = text[:at] + '"' + text[at:] if data.draw(st.booleans()) else text[:at] + text[at:].replace('"', "", 1)
    reading = read(spoiled.encode(), "f.csv")
    near = [remark for remark in (*reading.rejected, *reading.notices) if remark.row] if reading else []
    assert reading is None or near or untold(rows, reading, but='"') == []
