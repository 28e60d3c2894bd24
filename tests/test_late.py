from pathlib import Path

import numpy as np
import pytest

from index.encoder import Encoder
from index.late import Late, TokenStatistics
from index.token_codec import TokenCodec

TEXTS = ["Le triporteur Bikloo recueille la parole.", "Le conseil vote le budget.", "Les enfants dessinent un parc."]


@pytest.fixture(scope="module")
def late(encoder: Encoder) -> Late:
    encoded = [text for _, text in sorted(encoder.encode_passages(TEXTS), key=lambda pair: pair[0])]
    codec = TokenCodec.train([text.tokens for text in encoded])
    codes, ids = [codec.encode(text.tokens) for text in encoded], [text.token_ids for text in encoded]
    return Late.build(codes, ids, TokenStatistics.measure(ids, np.array([0, 1, 2])), codec)


def test_a_rare_word_of_the_question_finds_its_text(late: Late, encoder: Encoder) -> None:
    matches = late.match(encoder.encode_question("C'est quoi le Bikloo ?")).sum(axis=1)
    assert int(np.argmax(matches)) == 0
    assert np.all(matches <= 1.001)


def test_what_is_saved_is_what_is_loaded(late: Late, encoder: Encoder, tmp_path: Path) -> None:
    late.save(tmp_path)
    question = encoder.encode_question("Qui vote ?")
    np.testing.assert_allclose(Late.load(tmp_path).match(question), late.match(question), rtol=1e-5)
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".pkl", ".pickle")]
