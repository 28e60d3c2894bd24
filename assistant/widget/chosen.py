"""Chosen: the options of a widget as a form tells them, with what is wrong said in words, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from assistant.widget.color import contrast, read_color
from assistant.widget.snippet import Options
from index.filters import Filters

_OTHER = "Ce choix n'existe pas : prenez-en un de la liste."


@dataclass(frozen=True)
class Chosen:
    """What was written, the options that hold of it, and why the others do not."""

    written: Mapping[str, str]
    options: Options
    wrong: Mapping[str, str]

    @property
    def label_said(self) -> str:
        """How the label will be read on the colour chosen; empty where none is."""
        if not self.options.color:
            return ""
        color = read_color(self.options.color)
        name = "noir" if color.label.red == 0 else "blanc"
        ratio = f"{contrast(color, color.label):.1f}".replace(".", ",")
        return f"Le libellé y sera écrit en {name} (contraste de {ratio} pour 1)."


def read_chosen(written: Mapping[str, str], facets: Mapping[str, Mapping[str, str]]) -> Chosen:
    """The options of a form, whose filters are among the facets' choices. What is wrong is left out of them."""
    wrong = {key: _OTHER for key, labels in facets.items() if written.get(key, "") not in ("", *labels)}
    filters = {key: (written[key],) for key in facets if written.get(key) and key not in wrong}
    told: dict[str, Any] = {name: written[name] for name in Options.model_fields if name in written}
    told |= {"filters": Filters.model_validate(filters), "open": written.get("open") == "true"}
    try:
        return Chosen(written, Options.model_validate(told), wrong)
    except ValidationError as error:
        refused = {str(each["loc"][0]): _say(each["type"], each.get("ctx", {})) for each in error.errors()}
    held = Options.model_validate({name: value for name, value in told.items() if name not in refused})
    return Chosen(written, held, wrong | refused)


def _say(kind: str, context: Mapping[str, Any]) -> str:
    if kind == "string_too_long":
        return f"{context['max_length']} caractères au plus."
    return str(context["error"]) if kind == "value_error" else _OTHER
