"""Words around what a language model writes."""

_DOUBT = {
    "fr": "*(formulation de l’assistant ; la fiche dit :* {quote}*)*",
    "en": "*(the assistant’s wording; the sheet says:* {quote}*)*",
}

_OWN = {
    "fr": "*En italique : ce que dit l’assistant (ouverture, lien, réserve, conseil), sans fiche à l’appui.*",
    "en": "*In italics: the assistant’s own words (an opening, a link, a caveat, advice), not taken from a sheet.*",
}

# For staff and supervisors.
MODEL_DOWN = (
    "Le modèle de langue n'a pas répondu à la dernière question : les réponses sont faites des phrases des fiches. "
    "Vérifiez son serveur (ASSISTANT_LLM_BASE_URL)."
)


def tell_doubt(quote: str, language: str) -> str:
    """That a sentence is the assistant's wording; the sheet's own sentence, quoted with its mark, stands beside it."""
    return _DOUBT.get(language, _DOUBT["fr"]).format(quote=quote)


def tell_own(language: str) -> str:
    """What italics mean in an answer that has some."""
    return _OWN.get(language, _OWN["fr"])
