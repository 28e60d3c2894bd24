import pytest

from assistant.finding.aim import read_aim
from assistant.finding.meant import find_meant
from assistant.reading.read import read_question
from index.opened import Index
from index.passages import Sentence
from ingest.sentence import split_sentences


@pytest.mark.parametrize(
    ("question", "passage", "figure"),
    [
        ("Combien coûte une plateforme numérique ?", "63/retenir/1", "25 000 euros"),
        ("Combien coûte une plateforme numérique ?", "41/retenir/1", "20 000 euros"),
        ("Combien coûte une plateforme numérique ?", "44/retenir/1", "10 000 et 50 000 euros"),
        ("Combien d'habitants ont participé à Castillon ?", "2/retenir/1", "500"),
        ("Combien d'habitants ont participé à Castillon ?", "2/porteur/1", None),
        ("Combien de votants dans le Gers ?", "1/retenir/1", "47000"),
        ("How many voted in Gers in 2019?", "1/retenir/1", "47000"),
        ("Tarif journalier d'un cabinet ?", "46/retenir/1", None),
        ("Quelle est l'abstention des jeunes aux européennes ?", "22/retenir/1", None),
    ],
)
def test_the_figure_asked_is_that_of_its_clause_or_none(
    question: str, passage: str, figure: str | None, real_index: Index
) -> None:
    index = real_index
    aim = read_aim(read_question(question, (), index), index)
    assert aim
    held = next(each for each in index.passages if each.id == passage)
    sheet = index.find_sheet(held.sheet)
    assert sheet
    found = [(text, find_meant(Sentence(held, text, 0.0), sheet, aim)) for text in split_sentences(held.text)]
    told = [text[each.start : each.end] for text, each in found if each]
    assert told == ([figure] if figure else [])
