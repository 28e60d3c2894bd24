"""Two collections with the same sheets for everyone: one of them holds a source that is the members' own besides."""

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

from conftest import ROOT, SHEETS

from index.build import build_index
from index.encoding.encoder import Encoder
from index.opened import Index
from ingest.reading import Reading
from ingest.source import GOLDEN, VOCABULARY, read_sources
from ingest.source_list import Source

# Words that only the members' source says: its programme, its labels, its vocabulary, its places, its rare words.
SECRET = (
    *("confrerie", "passerelles zygo", "zygomorphe", "covil", "zoonose", "ultramarin", "noirmoutier", "quintessence"),
    *("jury de rue", "ludothecaire"),
)
_WORDS = """
synonyms = [["COVIL", "plate-forme participative"], ["ludothécaire", "numérique"]]
asides = ["budget participatif"]
online = ["sous le préau"]
[english]
"street jury" = ["jury de rue"]
"town" = ["zygomorphe"]
"""


@dataclass(frozen=True)
class Pair:
    """The sources of both collections: `plain` holds those for everyone alone, `both` the members' besides, first."""

    plain: tuple[Source, ...]
    both: tuple[Source, ...]
    store: Path

    def read(self, name: str) -> Reading:
        return read_sources(getattr(self, name), self.store)

    def build(self, name: str, encoder: Encoder, index_dir: Path, previous: Index | None = None) -> str:
        """The name of a new version of one of them."""
        sources = ", ".join(source.address for source in getattr(self, name))
        return build_index(self.read(name), sources, encoder, index_dir, previous=previous).version

    def write_list(self, name: str) -> Path:
        """A list of these sources, as staff write it."""
        keys = ("address", "layout", "access")
        written = [
            "[[source]]\n" + "".join(f'{key} = "{getattr(source, key)}"\n' for key in keys)
            for source in getattr(self, name)
        ]
        path = self.store / f"{name}.toml"
        path.write_text("\n".join(written), encoding="utf-8")
        return path


def make_pair(folder: Path, code: Path = ROOT) -> Pair:
    """Six sheets for everyone; and five for members, whose ids and questions some of the first ones have too.

    Their layout is one that this checkout reads, or older code that stands in a folder.
    """
    with (SHEETS / "csv" / "fiches.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    public, reserved = folder / "public", folder / "reserve"
    _write_source(public, rows[:6])
    shutil.copy(SHEETS / "markdown" / "centre.md", public / "centre.md")
    (public / "questions-fiches.yaml").write_text('"2":\n  - "Qui a fait voter dans les collèges ?"\n', "utf-8")
    twin = rows[2] | {"PDF FILE NAME": "777.Jumelle.pdf"}  # the text of a sheet for everyone, under another id
    _write_source(reserved, [_hide(row) for row in (*rows[6:9], rows[0])] + [twin])
    layout = folder / "confrerie.toml"
    layout.write_text(_make_layout(code), encoding="utf-8")
    (reserved / VOCABULARY).write_text(_WORDS, encoding="utf-8")
    key = '  - "Qui a fait voter dans les collèges ?"\n  - "Où est la passerelle ?"\n'
    (reserved / "questions-fiches.yaml").write_text(f'"7":\n{key}"1":\n{key}', encoding="utf-8")
    (reserved / GOLDEN).write_text('- question: "Où est la passerelle ?"\n  sheets: ["7"]\n', encoding="utf-8")
    everyone = Source(address=str(public), layout="decider-ensemble")
    members = Source(address=str(reserved), layout=str(layout), access="members")
    return Pair((everyone,), (members, everyone), folder)


def _write_source(folder: Path, rows: list[dict[str, str]]) -> None:
    folder.mkdir()
    for row in rows:
        number = row["PDF FILE NAME"].split(".")[0]
        for document in (SHEETS / "pdf").glob(f"{number}.*"):
            shutil.copy(document, folder / document.name)
    with (folder / "fiches.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _hide(row: dict[str, str]) -> dict[str, str]:
    """A row of the members' source: its programme, its codes, its place, its words."""
    told = "La Confrérie des passerelles réunit un jury de rue zygomorphe, habitants compris, pour 987 654 euros."
    place = {"CODE_POSTAL": "85330", "COMMUNE": "NOIRMOUTIER-EN-L'ILE", "lat": "47.0", "lon": "-2.24"}
    return {
        **row,
        **place,
        "SOURCE": "Confrérie des passerelles 1987",
        "CODE THEMATIQUE": "ZOO",
        "NOM_PORTEUR_PROJET": "Confrérie ultramarine de la quintessence",
        "PRÉSENTATION DU PROJET": f"{told}  {row['PRÉSENTATION DU PROJET']}",
    }


def _make_layout(code: Path) -> str:
    """The layout of the members' source: other labels for the same codes, other codes, other words and sizes."""
    text = (code / "ingest" / "layouts" / "decider-ensemble.toml").read_text(encoding="utf-8")
    changes = {
        'name = "decider-ensemble"': 'name = "confrerie"',
        'ENV = "Environnement"': 'ENV = "Zoonoses et ultramarins"\nZOO = "Passerelles zygomorphes"',
        'DEP = "Département"': 'DEP = "Confrérie départementale"',
        "PV = [0, 20000]": "PV = [0, 900000]",
        "[programmes.labels.trophees]": '[programmes.labels.confrerie]\npattern = "confrerie"\nlabel = "Confrérie des '
        'passerelles"\nwords = ["les passerelles", "jury de rue"]\n[programmes.labels.trophees]',
        "[facets.thematique.words]": '[facets.thematique.words]\nZOO = ["nature", "enfants", "zoonose"]',
        'label = "Trophées de la participation': 'label = "Confrérie de la participation',
    }
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
