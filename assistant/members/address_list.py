"""Address list: the e-mail addresses and names of a table that staff have, whatever its columns."""

import csv
import io

from language.letters import fold

_DELIMITERS = ";,\t"
_FIRST, _LAST = ("prenom", "first name"), ("nom", "name", "last name")


def read_address_list(content: bytes) -> list[tuple[str, str]]:
    """Each address with a name, "" without a column for it; rows without an address are left out."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # what spreadsheets write on Windows
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return []
    delimiter = max(_DELIMITERS, key=lines[0].count)
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    header = [] if any("@" in cell for cell in rows[0]) else [fold(cell).strip() for cell in rows[0]]
    named = [header.index(name) for names in (_FIRST, _LAST) for name in names if name in header]
    found = []
    for row in rows:
        email = next((cell.strip() for cell in row if "@" in cell), "")
        if email:
            name = " ".join(row[column].strip() for column in named if column < len(row) and "@" not in row[column])
            found.append((email, name))
    return found
