"""Measure how questions are grouped: python -m training.grouping DATA_DIR; needs ../shared. Figures for grouping.py.

Needs put in several ways (questions/groups.jsonl) stand beside questions that nothing answers, each alone.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from index.encoding.encoder import open_encoder
from training.checks import QUESTIONS, SHARED


def main() -> None:
    """Print precision and recall of pairs, and B-cubed, for each distance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    encoder = open_encoder("multilingual-e5-small", parser.parse_args().data_dir / "models")
    texts, needs = _read()
    vectors = encoder.encode_questions(texts)
    first, second = np.triu_indices(len(texts), 1)
    cosines = (vectors @ vectors.T)[first, second]
    tree = linkage(np.clip(1 - cosines, 0, None), "average")
    same = needs[:, None] == needs
    print(f"{len(texts)} questions; cosine of two for one need: {np.quantile(cosines[same[first, second]], 0.5):.3f}")
    print(f"of two for two needs: median {np.median(cosines[~same[first, second]]):.3f}, highest ", end="")
    print(f"{cosines[~same[first, second]].max():.3f}")
    print("distance  pairs: precision  recall  B-cubed: precision  recall")
    for distance in np.arange(0.10, 0.31, 0.02):
        groups = fcluster(tree, distance, "distance")
        together = groups[:, None] == groups
        right = together & same
        pairs = right[first, second].sum()
        precision, recall = right.sum(1) / together.sum(1), right.sum(1) / same.sum(1)
        several = same.sum(1) > 1
        print(
            f"{distance:8.2f} {pairs / max(1, together[first, second].sum()):17.3f} "
            f"{pairs / same[first, second].sum():7.3f} {precision.mean():19.3f} {recall[several].mean():7.3f}"
        )


def _read() -> tuple[list[str], np.ndarray]:
    """The questions, and the number of the need of each: (questions,)."""
    needs = [json.loads(line)["questions"] for line in (QUESTIONS / "groups.jsonl").read_text("utf-8").splitlines()]
    alone = (SHARED / "eval/dev/out_of_scope.jsonl").read_text("utf-8").splitlines()
    needs += [[json.loads(line)["query"]] for line in alone]
    numbers = [number for number, texts in enumerate(needs) for _ in texts]
    return [text for texts in needs for text in texts], np.array(numbers)


if __name__ == "__main__":
    main()
