from pathlib import Path

import numpy as np
import pytest

from index.encoding.encoder import Encoded, Encoder
from index.signals.late import Late, TokenStatistics
from index.signals.token_codec import TokenCodec, _multiply

TEXTS = ["Le triporteur Bikloo recueille la parole.", "Le conseil vote le budget.", "Les enfants dessinent un parc."]


@pytest.fixture(scope="module")
def encoded(encoder: Encoder) -> list[Encoded]:
    return [text for _, text in sorted(encoder.encode_passages(TEXTS), key=lambda pair: pair[0])]


@pytest.fixture(scope="module")
def codec(encoded: list[Encoded]) -> TokenCodec:
    return TokenCodec.train([text.tokens for text in encoded])


@pytest.fixture(scope="module")
def late(encoded: list[Encoded], codec: TokenCodec) -> Late:
    codes, ids = [codec.encode(text.tokens) for text in encoded], [text.token_ids for text in encoded]
    return Late.build(codes, ids, TokenStatistics.measure(ids, np.array([0, 1, 2])), codec)


def test_a_rare_word_of_the_question_finds_its_text(late: Late, encoder: Encoder) -> None:
    question = encoder.encode_question("C'est quoi le Bikloo ?")
    matches = late.match(question) @ late.weigh(question)
    assert int(np.argmax(matches)) == 0
    assert np.all(matches <= 1.001)


def test_a_token_that_fewer_sheets_hold_weighs_more() -> None:
    ids = [np.array([7, 8, 8]), np.array([7]), np.array([7, 8])]
    weights = TokenStatistics.measure(ids, np.array([0, 1, 0])).weights
    assert weights[7] == pytest.approx(np.log1p(2 / 2.5))
    assert weights[8] == pytest.approx(np.log1p(2 / 1.5))
    assert weights[-1] > weights[8] > weights[7]


def test_only_the_texts_wanted_are_matched_in_the_order_asked(late: Late, encoder: Encoder) -> None:
    question = encoder.encode_question("Qui vote ?")
    rows = np.array([2, 0])
    np.testing.assert_allclose(late.match(question, rows), late.match(question)[rows], rtol=1e-5)


def test_a_sentence_is_matched_by_its_own_tokens_and_with_its_heading_by_both(
    encoded: list[Encoded], codec: TokenCodec, encoder: Encoder
) -> None:
    codes, ids = [codec.encode(text.tokens) for text in encoded], [text.token_ids for text in encoded]
    late = Late.build(codes, ids, TokenStatistics.measure(ids, np.array([0, 1, 2])), codec)
    cuts = [[0, 2, 5], [0, 3], [0]]  # a heading and two sentences, a heading and one, a heading alone
    late.cut(lambda row: np.array(cuts[row]))
    question = encoder.encode_question("Qui vote le budget ?")
    shares = late.weigh(question)
    cosines = [codec.compare(question.tokens, codec.open(each)) for each in codes]
    parts = [(0, slice(0, 2), slice(2, 5)), (0, slice(0, 2), slice(5, None)), (1, slice(0, 3), slice(3, None))]
    alone = [shares @ cosines[row][:, own].max(axis=1) for row, _, own in parts]
    headed = [shares @ np.c_[cosines[row][:, heading], cosines[row][:, own]].max(axis=1) for row, heading, own in parts]
    told = late.matches.find(question, np.arange(3)).weigh_sentences(np.arange(3), shares)
    np.testing.assert_allclose(told, np.stack([alone, headed], axis=1), rtol=1e-5)
    whole = [each.max(axis=1) for each in cosines]
    np.testing.assert_allclose(late.match(question, np.array([2, 0])), [whole[2], whole[0]], rtol=1e-5)


def test_codes_give_the_cosines_of_the_states_within_what_two_bits_keep(
    encoded: list[Encoded], codec: TokenCodec
) -> None:
    states = np.concatenate([text.tokens for text in encoded])
    centred = states - codec.mean
    units = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    errors = codec.compare(states, codec.open(codec.encode(states))) - units @ units.T
    assert abs(float(errors.mean())) < 0.005
    assert float(errors.std()) < 0.03


def test_a_code_is_eight_times_smaller_than_float16_states_or_nearly(encoded: list[Encoded], codec: TokenCodec) -> None:
    codes = codec.encode(encoded[0].tokens)
    assert codes.nbytes * 7.8 < encoded[0].tokens.astype(np.float16).nbytes


def test_what_is_saved_is_what_is_loaded(late: Late, encoder: Encoder, tmp_path: Path) -> None:
    late.save(tmp_path)
    question = encoder.encode_question("Qui vote ?")
    np.testing.assert_allclose(Late.load(tmp_path).match(question), late.match(question), rtol=1e-5)
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".pkl", ".pickle")]


def test_the_next_version_codes_a_text_as_this_one_did(late: Late, encoded: list[Encoded], tmp_path: Path) -> None:
    late.save(tmp_path)
    loaded = Late.load(tmp_path)
    for row, text in enumerate(encoded):
        codes, token_ids = loaded.read_text(row)
        np.testing.assert_array_equal(codes, loaded.codec.encode(text.tokens))
        np.testing.assert_array_equal(token_ids, text.token_ids)


@pytest.mark.parametrize("file", ["tokens.npy", "token_ids.npy"])
def test_files_that_do_not_go_together_are_refused(file: str, late: Late, tmp_path: Path) -> None:
    late.save(tmp_path)
    np.save(tmp_path / file, np.load(tmp_path / file)[:-1])
    with pytest.raises(ValueError, match="ne vont pas ensemble"):
        Late.load(tmp_path)


def test_a_product_of_bytes_is_exact() -> None:
    rng = np.random.default_rng(0)
    wanted = rng.integers(-127, 128, (9, 384), dtype=np.int8)
    levels = 2 * rng.integers(0, 4, (5_000, 384), dtype=np.uint8)
    exact = wanted.astype(np.int64) @ (levels.astype(np.int64) - 3).T
    assert (_multiply(levels, wanted) == exact).all()
    assert (_multiply(levels[:1] * 0 + 6, wanted * 0 + 127) == 384 * 127 * 3).all()
