"""Options that several commands have."""

from typing import Annotated, Literal

import typer

from ingest.sheet import Access

Reader = Literal["public", "member"]
AsReader = Annotated[Reader, typer.Option("--as", help="Les yeux de qui : public ou member (adhérent).")]
AsJson = Annotated[bool, typer.Option("--json", help="Écrit une seule valeur JSON.")]


def access_of(reader: Reader) -> Access:
    """What these readers may read."""
    return "members" if reader == "member" else "public"
