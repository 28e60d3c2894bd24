"""Files made to exhaust whoever reads them: each is told and left out, the others are read."""

import json
import os
import resource
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from test_pdf import make_pdf

from index.measuring.golden import GoldenWrong, read_golden
from index.vocabulary import VocabularyWrong, read_vocabulary
from ingest.confined import FileReader, Limits
from ingest.layout import Layout, LayoutWrong, read_layout
from ingest.markdown import PageUnreadable
from ingest.pdf import DocumentUnreadable, is_locked, read_pdf
from ingest.source import read_source
from ingest.table import TableUnusable

SMALL = Limits(seconds=1, megabytes=400)
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F 4 0 R>>%s>>/Contents 5 0 R>>"


def write_pdf(path: Path, *objects: bytes) -> Path:
    """A PDF of these objects, numbered from 1, with a table of where they stand."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(body))
    path.write_bytes(body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end)
    return path


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def start(resources: bytes = b"", kids: bytes = b"[3 0 R]/Count 1") -> list[bytes]:
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    return [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids%s>>" % kids, PAGE % resources, font]


def nested_forms(path: Path) -> Path:
    """Ten levels of forms, each of which draws the next one ten times."""
    objects = [*start(b"/XObject<</X 6 0 R>>"), stream(b"/X Do")]
    for level in range(10):
        entries = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 4 0 R>>/XObject<</X %d 0 R>>>>"
        last = stream(b"BT /F 9 Tf (Un texte assez long.) Tj ET", entries % 4)
        objects.append(stream(b"/X Do " * 10, entries % (level + 7)) if level < 9 else last)
    return write_pdf(path, *objects)


def compressed_twice(path: Path) -> Path:
    """Some kilobytes that hold forty million characters, which take gigabytes."""
    text = b"BT /F 9 Tf " + b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj " * 1_200_000 + b"ET"
    packed = zlib.compress(zlib.compress(text, 9), 9)
    return write_pdf(path, *start(), stream(packed, b"/Filter[/FlateDecode/FlateDecode]"))


def many_pages(path: Path) -> Path:
    """A page that is said to be there a hundred million times."""
    return write_pdf(path, *start(kids=b"[3 0 R]/Count 100000000"), stream(b""))


def repeated_page(path: Path) -> Path:
    """A thousand times the same page of a large text."""
    text = zlib.compress(b"BT /F 9 Tf " + b"(Un texte assez long.) Tj " * 200_000 + b"ET", 9)
    kids = b"[" + b"3 0 R " * 1000 + b"]/Count 1000"
    return write_pdf(path, *start(kids=kids), stream(text, b"/Filter/FlateDecode"))


def page_in_itself(path: Path) -> Path:
    """Pages that hold themselves."""
    return write_pdf(path, *start(kids=b"[2 0 R 2 0 R 3 0 R]/Count 900"), stream(b""))


HOSTILE: dict[str, Callable[[Path], Path]] = {
    "nested forms": nested_forms,
    "compressed twice": compressed_twice,
    "many pages": many_pages,
    "repeated page": repeated_page,
    "pages in themselves": page_in_itself,
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("hostile")
    return {name: make(folder / f"{name}.pdf") for name, make in HOSTILE.items()}


def _memory_of(reader: FileReader) -> int:
    """What the system lets the process take; 0 when there is none any more."""
    if reader._process is None:
        return 0
    limits = Path(f"/proc/{reader._process.pid}/limits").read_text(encoding="ascii")
    return int(next(line.split()[3] for line in limits.splitlines() if line.startswith("Max address space")))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_pdf_that_takes_all_memory_or_time_is_left_and_the_next_one_read(
    name: str, hostile: dict[str, Path], tmp_path: Path
) -> None:
    print(f"{hostile[name].stat().st_size} bytes")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with FileReader(SMALL) as reader:
        with pytest.raises(DocumentUnreadable) as told:
            reader.read_pdf(hostile[name])
        assert _memory_of(reader) <= SMALL.megabytes << 20
        print(told.value)
        with pytest.raises(DocumentUnreadable, match=str(told.value)[:20]):
            reader.read_pdf(hostile[name])
        assert reader.read_pdf(make_pdf(tmp_path / "a.pdf", ["Un texte."])).paragraphs[0].text == "Un texte."
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{seconds:.1f} s of processor")
    assert seconds < 12


def test_a_reading_goes_on_without_the_document_that_took_too_much(
    hostile: dict[str, Path], sheets_copy: Path, layout: Layout
) -> None:
    spoiled = next(path for path in sorted((sheets_copy / "pdf").iterdir()) if not path.name.startswith("1."))
    spoiled.write_bytes(hostile["nested forms"].read_bytes())
    with FileReader(SMALL) as reader:
        reading = read_source(str(sheets_copy), layout, reader=reader)
    assert (reading.document_counts.read, reading.document_counts.unreadable) == (1, 1)
    (remark,) = [each for each in reading.rejected if each.file == spoiled.name]
    assert any(told in remark.reason for told in ("secondes", "mémoire"))
    assert len(reading.practices) == len(read_source(str(sheets_copy), layout).practices)


def test_the_real_documents_are_read_as_before_and_in_one_process(corpus: Path) -> None:
    files = [path for path in sorted((corpus / "pdf").glob("*.pdf")) if not is_locked(path)][:8]
    with FileReader() as reader:
        read = [reader.read_pdf(path) for path in files]
    assert read == [read_pdf(path) for path in files]


def test_the_process_that_reads_has_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSISTANT_LLM_API_KEY", "a-key-of-the-tests")
    monkeypatch.setenv("DATABASE_PASSWORD", "a-password-of-the-tests")
    with FileReader() as reader:
        reader.read_pdf(make_pdf(tmp_path / "a.pdf", ["Un texte."]))
        assert reader._process is not None
        environment = Path(f"/proc/{reader._process.pid}/environ").read_bytes()
        pid = reader._process.pid
    assert b"of-the-tests" not in environment
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [*{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}]\n"
    for before, after in zip("abcdefghi", "bcdefghij", strict=True)
)


def test_aliases_of_yaml_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"---\n{BOMB}---\n# Titre\n\nTexte.\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text(BOMB, encoding="utf-8")
    start_ = time.process_time()
    with FileReader(SMALL) as reader:
        with pytest.raises(PageUnreadable, match="YAML"):
            reader.read_page(tmp_path / "a.md")
        (notice,) = reader.read_question_file(tmp_path / "a.yaml", {}).notices
    assert "YAML" in notice.reason
    with pytest.raises(GoldenWrong, match="YAML"):
        read_golden(tmp_path / "a.yaml")
    assert time.process_time() - start_ < 1


@pytest.mark.parametrize("text", ["a = " + "[" * 50_000, "a = " + "{b=" * 20_000, "[" + "a." * 400_000 + "a]"])
def test_toml_that_is_too_deep_is_refused_in_words(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LayoutWrong, match="TOML"):
        read_layout(str(tmp_path / "a.toml"))
    with pytest.raises(VocabularyWrong, match="TOML"):
        read_vocabulary(tmp_path / "a.toml")


TABLES = {
    "a million columns": ("," * 1_000_000 + "\n", "colonnes"),
    "a column name without an end": (
        "TITRE DU PROJET,À RETENIR," + "A" * 5_000_000 + "\nUn titre,Un texte,\n",
        "100000",
    ),
    "quotes without an end": ('TITRE DU PROJET,À RETENIR\n"' + "a\n" * 5_000_000, "un guillemet"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_is_none_is_refused_in_words(name: str, tmp_path: Path, layout: Layout) -> None:
    text, told = TABLES[name]
    (tmp_path / "fiches.csv").write_text(text, encoding="utf-8")
    begun = time.process_time()
    with FileReader(SMALL) as reader, pytest.raises(TableUnusable, match=told):
        read_source(str(tmp_path), layout, reader=reader)
    assert time.process_time() - begun < 2


def test_texts_that_take_long_to_parse_are_left_and_the_others_read(tmp_path: Path) -> None:
    (tmp_path / "long.md").write_text("*a **a " * 200_000 + "\n" + "> " * 100_000, encoding="utf-8")
    (tmp_path / "good.md").write_text("# Titre\n\nUn texte.\n", encoding="utf-8")
    with FileReader(SMALL) as reader:
        with pytest.raises(PageUnreadable):
            reader.read_page(tmp_path / "long.md")
        assert reader.read_page(tmp_path / "good.md").title == "Titre"


def test_replies_of_the_process_are_json() -> None:
    assert json.loads(json.dumps({"name": "\udcff"}))["name"] == "\udcff"
