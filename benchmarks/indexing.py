"""Indexing speed: our encoder against sentence-transformers used plainly, on the same passages in the same run.

Run as a program: `benchmarks/indexing.py SOURCE [DATA_DIR]`. Both read every passage of the source and give a vector
each; ours gives the tokens' vectors too. Prints one JSON value: tokens a second of each, and the ratios.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sentence_transformers import SentenceTransformer

from index.build import split_reading
from index.encoding.bundled import NAME, prepare_bundled_model
from index.encoding.encoder import open_encoder
from index.passages import indexed_text
from ingest.choice import choose_layout
from ingest.source import read_source

_ROUNDS = 3  # the fastest of them counts: what else the machine does only slows


def main(source: str, data_dir: str = "var") -> None:
    """Measure and print."""
    models = Path(data_dir) / "models"
    reading = read_source(source, choose_layout(Path(source)))
    texts = [indexed_text(passage) for passages in split_reading(reading).values() for passage in passages]
    plain = SentenceTransformer(
        str(prepare_bundled_model(models / NAME)), device="cpu", model_kwargs={"dtype": "float32"}
    )
    encoder = open_encoder(NAME, models)
    prefixed = [f"passage: {text}" for text in texts]
    tokens = sum(len(ids) for ids in plain.tokenizer(prefixed, truncation=True, max_length=512)["input_ids"])
    seconds = {
        "ours": _fastest(lambda: list(encoder.encode_passages(texts))),
        "encode_all": _fastest(lambda: plain.encode(prefixed)),
        "encode_loop": _fastest(lambda: [plain.encode(text) for text in prefixed]),
    }
    speeds = {name: round(tokens / each) for name, each in seconds.items()}
    ratios = {name: round(seconds[name] / seconds["ours"], 2) for name in ("encode_all", "encode_loop")}
    print(json.dumps({"passages": len(texts), "tokens": tokens, "tokens_per_second": speeds, "ratio": ratios}))


def _fastest(work: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main(*sys.argv[1:])
