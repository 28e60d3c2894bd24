"""Write the vectors of the questions outside: python -m training.outside MODELS_DIR, after either changed."""

import sys
from pathlib import Path

import numpy as np

from assistant.finding.outside import KEPT, digest_outside, read_outside
from index.encoding.encoder import open_encoder

_MODEL = "multilingual-e5-small"


def main(models: Path) -> None:
    """Write them in float16, which changes no cosine by more than 0.001."""
    encoder = open_encoder(_MODEL, models)
    vectors = encoder.encode_questions(read_outside()).astype(np.float16)
    np.savez_compressed(KEPT, vectors=vectors, model=np.array(encoder.name), digest=np.array(digest_outside()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
