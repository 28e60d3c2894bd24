import pytest

from ingest.sentence import split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param(
            "Ils ont voté. Elle a innové. Fin.", ["Ils ont voté.", "Elle a innové.", "Fin."], id="accents-before-stop"
        ),
        pytest.param("Soit 33 %. La suite.", ["Soit 33 %.", "La suite."], id="after-a-share"),
        pytest.param("Il dit « oui ». Puis rien.", ["Il dit « oui ».", "Puis rien."], id="after-quotation-marks"),
        pytest.param("M. Durand vient. Il parle.", ["M. Durand vient.", "Il parle."], id="abbreviation"),
        pytest.param("J. Dupont et al. ont écrit.", ["J. Dupont et al. ont écrit."], id="initial"),
        pytest.param(
            "On vote (art. 12) ici. Bien.", ["On vote (art. 12) ici.", "Bien."], id="abbreviation-in-brackets"
        ),
        pytest.param("Un comité (110 membres). Deux.", ["Un comité (110 membres).", "Deux."], id="bracket"),
        pytest.param("Créé en 2018 ! 41 projets ?", ["Créé en 2018 !", "41 projets ?"], id="figure-starts"),
        pytest.param("Point un\nPoint deux", ["Point un", "Point deux"], id="line-break"),
        pytest.param("etc. la suite", ["etc. la suite"], id="lower-case-goes-on"),
        pytest.param("", [], id="empty"),
    ],
)
def test_french_text_is_cut_at_its_sentences(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


def test_every_sentence_is_a_verbatim_piece_of_the_text() -> None:
    text = "En 2019, 47 000 votants. « Un record », dit-elle. Puis ?\n- Étape 1 : vote. Étape 2 : fin."
    assert all(sentence in text for sentence in split_sentences(text))
