"""Snippet: what a site writes in its pages to show the assistant, from what its owner chose."""

from html import escape
from typing import Literal
from urllib.parse import urlencode

from pydantic import Field, field_validator

from assistant.widget.color import read_color
from index.filters import FILTER_KEYS, Filters
from ingest.sheet import Frozen

Form = Literal["bouton", "integre", "element", "cadre"]
FORMS: dict[Form, str] = {
    "bouton": "Un bouton en bas de la page",
    "integre": "La conversation dans la page",
    "element": "La même, comme élément HTML",
    "cadre": "Un cadre, sans script",
}
POSITIONS = {"droite": "En bas à droite", "gauche": "En bas à gauche"}
LANGUAGES = {"": "Celle de la page", "fr": "Français", "en": "Anglais"}
WIDGET = "/widget.js"
_CHAT = "/chat/"
_NO_FILTERS = Filters()


class Options(Frozen):
    """What may be chosen; what is empty is left to the widget."""

    form: Form = "bouton"
    lang: Literal["", "fr", "en"] = ""
    color: str = Field(default="", max_length=40)
    position: Literal["droite", "gauche"] = "droite"
    label: str = Field(default="", max_length=80)
    greeting: str = Field(default="", max_length=200)
    open: bool = False
    sheet: str = Field(default="", max_length=200)
    filters: Filters = _NO_FILTERS

    @field_validator("color")
    @classmethod
    def check_color(cls, color: str) -> str:
        """Refuse what is no colour; none is left to the widget."""
        if color.strip():
            read_color(color)
        return color.strip()

    def attributes(self) -> dict[str, str]:
        """The attributes of a script or element that say the same, without "data-"."""
        told: dict[str, str] = {
            "lang": self.lang,
            "color": self.color,
            "position": self.position if self.position != "droite" and self.form == "bouton" else "",
            "label": self.label,
            "greeting": self.greeting if self.form != "cadre" else "",
            "sheet": self.sheet,
            "filters": self.query(),
        }
        return {name: value for name, value in told.items() if value}

    def query(self) -> str:
        """The filters as an address says them."""
        return urlencode([(key, value) for key in FILTER_KEYS for value in self.filters.values(key)])


def write_snippet(options: Options, address: str) -> str:
    """The HTML to copy. `address` is where the assistant is, without a last slash."""
    if options.form == "cadre":
        return _write_frame(options, address)
    script = f'<script src="{escape(address)}{WIDGET}"{{}} defer></script>'
    prefix = "" if options.form == "element" else "data-"
    pairs = [f'{prefix}{name}="{escape(value)}"' for name, value in options.attributes().items()]
    pairs += [f"{prefix}open"] if options.open else []
    written = "".join(f" {pair}" for pair in pairs)
    if options.form == "bouton":
        return script.format(written)
    whole = f"<assistant-participation{written}></assistant-participation>" if options.form == "element" else ""
    return f"{whole or f'<div data-assistant{written}></div>'}\n{script.format('')}"


def _write_frame(options: Options, address: str) -> str:
    """A frame that needs no script of ours on the site."""
    pairs = [("frame", "1"), ("lang", options.lang), ("sheet", options.sheet)]
    query = "&".join(part for part in (urlencode([pair for pair in pairs if pair[1]]), options.query()) if part)
    title = options.label or "Assistant : exemples de participation citoyenne"
    return (
        f'<iframe src="{escape(f"{address}{_CHAT}?{query}")}" title="{escape(title)}" width="100%" height="640" '
        f'loading="lazy" referrerpolicy="origin" allow="clipboard-write" frameborder="0"></iframe>'
    )


def policy_lines(form: Form, address: str) -> str:
    """What the site's content security policy must allow; empty for a site without one."""
    script = "" if form == "cadre" else f"script-src {address}; "
    return f"{script}frame-src {address};"
