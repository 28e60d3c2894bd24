"""Words around what a language model writes."""

_DOUBT = {
    "fr": "*(formulation de l’assistant ; la fiche dit :* {quote}*)*",
    "en": "*(the assistant’s wording; the sheet says:* {quote}*)*",
}


def tell_doubt(quote: str, language: str) -> str:
    """That a sentence is the assistant's wording; the sheet's own sentence, quoted with its mark, stands beside it."""
    return _DOUBT.get(language, _DOUBT["fr"]).format(quote=quote)
