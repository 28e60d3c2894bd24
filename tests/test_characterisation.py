"""Every judged question is read and answered as the file says: what a change of the code changes is seen here."""

from pathlib import Path

from judged_answers import JudgedAnswers

from assistant.pipeline import Knowledge
from index.encoding.encoder import Encoder
from index.opened import Index
from tools.characterise import FILE, characterise, compare, read_file

_SLACK = 0.01  # of the values: sums of floats differ between processors, and two sheets as good may change places


def test_every_judged_question_is_read_and_answered_as_before(
    real_index: Index, encoder: Encoder, shared: Path, judged_answers: JudgedAnswers
) -> None:
    folders = [shared / "eval" / "dev", shared / "eval" / "dev2"]
    lines = list(characterise(folders, Knowledge(real_index, encoder, ""), judged_answers.ask))
    differing = compare(read_file(), lines)
    known = sum(len(line) for line in lines)
    told = "\n".join(differing)
    assert not [each for each in differing if " reading." in each], told
    assert len(differing) <= _SLACK * known, f"{told}\nRight? Write {FILE.name} anew: see tools/characterise.py"


def test_what_differs_is_told_question_by_question() -> None:
    line = {"id": "a", "reading": {"link": "ask"}, "form": "fact", "sheets": ["1"]}
    known = {"a": {**line, "reading": {}, "sheets": ["1", "2"]}}
    assert compare(known, [line]) == ["a sheets: ['1', '2'] -> ['1']", "a reading.link: None -> ask"]
    assert compare({"a": line}, [line]) == []
