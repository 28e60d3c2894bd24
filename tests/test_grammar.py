"""Every entry of a language's file matches the sentences beside it, and refuses those that it must."""

import pytest

from language.grammar import LANGUAGES, Grammar, languages_of, read_section, sections
from language.text import Text, read_text

ENTRIES = [
    pytest.param(language, section, name, id=f"{language}-{section}-{name}")
    for language in LANGUAGES
    for section in sections(language)
    for name in read_section(section, language).entries
]


@pytest.mark.parametrize(("language", "section", "name"), ENTRIES)
def test_an_entry_matches_its_examples_and_refuses_the_others(language: str, section: str, name: str) -> None:
    entry, grammar = read_section(section, language).entries[name], Grammar(section)
    assert entry.matches
    for sentence in entry.matches:
        assert grammar.has(name, read_text(sentence, language)), f"{sentence!r} should match"
    for sentence in entry.refuses:
        assert not grammar.has(name, read_text(sentence, language)), f"{sentence!r} should not match"


@pytest.mark.parametrize(("language", "section", "name"), ENTRIES)
def test_an_entry_reads_its_examples_without_accents_too(language: str, section: str, name: str) -> None:
    from language.letters import fold_letter

    for sentence in read_section(section, language).entries[name].matches:
        plain = "".join(map(fold_letter, sentence))
        assert Grammar(section).has(name, read_text(plain, language)), f"{plain!r} should match"


@pytest.mark.parametrize("language", LANGUAGES)
def test_patterns_are_written_in_the_normal_form(language: str) -> None:
    for section in sections(language):
        for name, entry in read_section(section, language).entries.items():
            for pattern in entry.patterns:
                assert "'" not in pattern, (section, name)
                assert "’" not in pattern, (section, name)
                assert not [letter for letter in pattern if letter in "àâçéèêëîïôùûü"], (section, name)


def test_a_text_is_read_in_its_language_and_in_every_one_when_that_is_not_known() -> None:
    assert languages_of("en") == ("en",)
    assert languages_of("") == LANGUAGES
    assert languages_of("de") == LANGUAGES


def written(text: Text, start: int, end: int) -> str:
    first, after = text.span(start, end)
    return text.written[first:after]


def test_a_place_of_the_normal_form_is_a_place_of_what_is_written() -> None:
    text = read_text("Et  l’Œuvre d'À-propos, là ?")
    assert text.said == "et l oeuvre d a propos, la ?"
    assert text.words == "et l oeuvre d a propos la"
    start = text.said.index("oeuvre")
    assert written(text, start, start + len("oeuvre")) == "Œuvre"
    start = text.said.index("la ?")
    assert written(text, start, start + 2) == "là"
