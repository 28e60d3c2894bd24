"""What each shape of written text finds, and what it leaves."""

import re

import pytest

from language import shapes
from language.letters import has_name, slug


@pytest.mark.parametrize(
    ("shape", "text", "found"),
    [
        (shapes.WORD, "L'éco-quartier, en 2e", ["L", "éco", "quartier", "en", "2e"]),
        (shapes.WORD, "e\u0301te\u0301 a_b", ["e\u0301te\u0301", "a", "b"]),
        (shapes.LETTERS, "2e tour : l'été", ["e", "tour", "l", "été"]),
        (shapes.HYPHENATED, "l'éco-quartier Tok‑Tok -", ["l", "éco-quartier", "Tok‑Tok"]),
        (shapes.COMPOUND, "L'Eau de decidim.org, Tok-Tok.", ["L'Eau", "de", "decidim.org", "Tok-Tok"]),
        (shapes.PIECE, "(34 000 habitants),", ["(34", "000", "habitants),"]),
        (shapes.DIGITS, "3 000 en 2019", ["3", "000", "2019"]),
        (shapes.NAME, "à Loos-en-Gohelle, l'Isle, Élan A 3B", ["Loos-en-Gohelle", "Isle", "Élan"]),
        (shapes.YEAR, "2019, 1789, 20191, en1968", ["2019", "1968"]),
        (shapes.SENTENCE, "Bonjour ! Un vote ?\nOui", ["Bonjour ! ", "Un vote ?\n", "Oui"]),
        (shapes.SENTENCE_BREAK, "Un vote. Le 2e tour « fini. » Oui, M. petit", [" ", " » "]),
        (shapes.CLAUSE_BREAK, "un vote, puis (en 2019) – enfin - un mot-clé", [" ", " ", " – ", " - "]),
        (shapes.ASIDE, "débat (public) et (autre (dedans))", ["(public)", "(dedans)"]),
        (shapes.QUOTED, '« un » et "deux" puis “trois”, «quatre', ["« un »", '"deux"', "“trois”"]),
        (shapes.EMAIL, "Écrire à jean.dupont@ville.fr.", ["jean.dupont@ville.fr"]),
        (
            shapes.ADDRESS,
            "(https://ville.fr/a), www.ville.fr. ou a@b.fr ; ville.fr",
            ["https://ville.fr/a", "www.ville.fr", "a@b.fr"],
        ),
        (shapes.SITE, "decidim.org ou https://ville.fr/a.", ["decidim.org", "https://ville.fr/a"]),
    ],
)
def test_a_shape_finds_what_it_names(shape: re.Pattern[str], text: str, found: list[str]) -> None:
    assert shape.findall(text) == found


@pytest.mark.parametrize(
    ("shape", "text", "first"),
    [
        (shapes.SENTENCE_END, "un village, ici ; là", "un village, ici "),
        (shapes.CLAUSE_END, "un village (ici), là", "un village (ici)"),
        (shapes.PHRASE_END, "Tok-Tok - la tournée", "Tok-Tok"),
        (shapes.PHRASE_END, "un village (ici), là", "un village "),
        (shapes.FIGURE_END, " votants et 3 idées", " votants et "),
        (shapes.FIGURE_END, " votants de Loos-en-Gohelle, puis", " votants de Loos-en-Gohelle"),
    ],
)
def test_what_is_said_ends_at_a_mark(shape: re.Pattern[str], text: str, first: str) -> None:
    assert shape.split(text)[0] == first


@pytest.mark.parametrize("bullet", ["- ", "  • ", "– ", "* ", "2. ", "12) "])
def test_a_bullet_opens_an_item(bullet: str) -> None:
    assert shapes.BULLET.sub("", f"{bullet}un vote") == "un vote"
    assert not shapes.BULLET.match("-un vote")
    assert not shapes.BULLET.match("2019. Un vote")


@pytest.mark.parametrize(
    "before", ["", "Un vote. ", "Oui ?\n", "Un vote\n", "Voici : ", "- ", "Un vote\n  – ", " " * 40]
)
def test_a_word_opens_a_sentence(before: str) -> None:
    assert shapes.opens_sentence(f"{before}Auch", len(before))


@pytest.mark.parametrize("before", ["à ", "l'", "Un vote, ", "(", "« ", "Loos-en-", "un vote "])
def test_a_word_goes_on_a_sentence(before: str) -> None:
    assert not shapes.opens_sentence(f"{before}Auch", len(before))


def test_a_name_is_whole_however_it_is_written() -> None:
    assert has_name("la ville de SAINT DENIS (93)", "Saint-Denis")
    assert has_name("À l’Œuvre !", "oeuvre")
    assert not has_name("Saint-Denisien", "Saint-Denis")
    assert not has_name("la ville", "")


def test_a_text_has_a_form_for_addresses() -> None:
    assert slug("Jury de citoyens (l'été)") == "jury-de-citoyens-l-ete"
