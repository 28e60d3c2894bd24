"""Validation errors in French: what pydantic says of the commonest mistakes, for settings and requests alike."""

from collections.abc import Mapping
from typing import Any

# What is not here is said as pydantic says it.
_MESSAGES = {
    "missing": "il manque cette valeur",
    "extra_forbidden": "cette clé n'existe pas",
    "string_too_short": "ce texte est trop court",
    "string_too_long": "ce texte est trop long ({max_length} caractères au plus)",
    "string_pattern_mismatch": "ce texte est vide",
    "string_type": "un texte est attendu",
    "int_parsing": "un nombre entier est attendu",
    "int_type": "un nombre entier est attendu",
    "float_parsing": "un nombre est attendu",
    "greater_than": "un nombre plus grand que {gt} est attendu",
    "greater_than_equal": "au moins {ge}",
    "less_than_equal": "au plus {le}",
    "list_type": "une liste est attendue",
    "too_long": "trop de valeurs ({max_length} au plus)",
    "too_short": "trop peu de valeurs ({min_length} au moins)",
    "literal_error": "valeurs possibles : {expected}",
    "json_invalid": "ce n'est pas du JSON correct",
    "model_attributes_type": "un objet JSON est attendu",
}


def explain_error(error: Mapping[str, Any]) -> str:
    """One error of a pydantic ValidationError, in French when it is a common one."""
    message = _MESSAGES.get(error["type"])
    if message is None:
        return str(error["msg"]).removeprefix("Value error, ")
    return message.format_map(error.get("ctx", {}))
