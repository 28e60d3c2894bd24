"""Every entry of a language's file matches the sentences beside it, and refuses those that it must."""

import pytest

from language.grammar import LANGUAGES, Grammar, languages_of, read_section, sections
from language.text import ANY, Text, read_text

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
    assert text.written[slice(*text.span(start, start + 2))] == "là"


def test_what_overlaps_an_earlier_find_is_left_out_in_whatever_language_it_is_found() -> None:
    text = read_text("12 mars 2019, then 13 March 2019", ANY)
    found = Grammar("figure").find_apart("date", text)
    assert [text.written[each.start : each.end] for each in found] == ["12 mars 2019", "13 March 2019"]


def test_a_text_is_cut_where_an_entry_is_found() -> None:
    pieces = Grammar("negation").split("parts", read_text("Le maire, et les élus; mais pas nous", "fr"))
    assert [piece.written.strip() for piece in pieces] == ["Le maire", "les élus", "pas nous"]


def test_what_stands_just_before_and_after_a_place_is_read_there() -> None:
    text = read_text("L’Œuvre a coûté plus de 200 euros, soit 3 % du budget", "fr")
    start = text.written.index("200")
    assert Grammar("figure").has("more", text.before(start))
    money = Grammar("figure").search("money", text.after(start + 3))
    assert money
    assert text.written[start : money.end] == "200 euros"
    assert not Grammar("figure").has("percent", text.after(start + 3))


@pytest.mark.parametrize(
    "written",
    ["œuvre d'œil", "e\u0301a", "  deux  espaces ", "«\u00a0hard\u00a0»", "ß İ ﬁ", "_a_b--c", "", "Déjà-vu : 1 000 €"],
)
def test_each_character_of_the_normal_form_has_its_place(written: str) -> None:
    text = read_text(written, "fr")
    assert len(text.places) == len(text.said)
    assert [at for at in text.places if at >= len(written)] == []
    for start, word in ((text.words.index(word), word) for word in text.words.split()):
        place, end = text.span(start, start + len(word), marks=False)
        assert word in read_text(written[place:end], "fr").said
