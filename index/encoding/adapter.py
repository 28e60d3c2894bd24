"""Adapter: a small correction of the default model's weights, kept in a file of its own and added when it is prepared.

LoRA (Hu et al. 2021, arXiv:2106.09685): for some linear maps, two narrow matrices whose product, scaled, is added to
the weight. Once added nothing is left of it: the adapted model is as fast as the other.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.refusal import Refusal, explain_os_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

BASE = "multilingual-e5-small"  # the only model that adapters are made for
PACKAGED = Path(__file__).parent / "adapter" / "participation.safetensors"
NONE = "none"


class AdapterWrong(Refusal):
    """The adapter asked for is absent, unreadable or made for another model; the message says which, in French."""


@dataclass(frozen=True)
class LowRank:
    """What is added to one weight (outputs, inputs): `scale` x `up` (outputs, rank) @ `down` (rank, inputs)."""

    down: np.ndarray
    up: np.ndarray
    scale: float

    def product(self) -> np.ndarray:
        """The correction (outputs, inputs), in float32."""
        up: np.ndarray = self.up.astype("float32")
        up *= self.scale
        product: np.ndarray = up @ self.down.astype("float32")
        return product


def find_adapter(model: str, choice: str) -> Path | None:
    """The file that a setting asks for: "" the packaged one, "none" none, else a path; or raise AdapterWrong.

    Models other than the default one have none, unless a file is asked for, which is an error.
    """
    if choice == NONE or (not choice and model != BASE):
        return None
    if model != BASE:
        raise AdapterWrong(
            f"L'adaptateur {choice!r} ne va qu'avec le modèle {BASE!r}, les réglages demandent {model!r}. "
            "Laissez ASSISTANT_ADAPTER vide."
        )
    if not choice:
        return PACKAGED if PACKAGED.is_file() else None
    path = Path(choice).expanduser()
    if not path.is_file():
        raise AdapterWrong(f"L'adaptateur {choice!r} n'est pas un fichier. Corrigez ASSISTANT_ADAPTER ou videz-le.")
    return path


def name_model(model: str, adapter: Path | None) -> str:
    """The model as indexes name it: with its adapter's name and digest, so that another adapter is another model."""
    if adapter is None:
        return model
    try:
        digest = hashlib.sha256(adapter.read_bytes()).hexdigest()
    except OSError as error:
        raise AdapterWrong(f"L'adaptateur {str(adapter)!r} est illisible : {explain_os_error(error)}.") from error
    return f"{model}+{adapter.stem}-{digest[:8]}"


def check_adapter(path: Path) -> tuple[float, list[str]]:
    """The scale of a file's corrections, and the linear maps that they are for; or raise AdapterWrong."""
    from safetensors import SafetensorError, safe_open  # noqa: PLC0415 - for who prepares a model alone

    try:
        with safe_open(path, "np") as file:
            about = file.metadata() or {}
            scale = float(about["scale"])
            names = sorted({key.rsplit(".", 1)[0] for key in file.keys()})  # noqa: SIM118 - not a mapping
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise _unusable(path, str(error).split("\n")[0]) from error
    if about.get("base") != BASE:
        raise _unusable(path, f"il est fait pour le modèle {about.get('base')!r}")
    return scale, names


def read_adapter(path: Path) -> dict[str, LowRank]:
    """The corrections of a file, by the name of the linear map they are for; or raise AdapterWrong."""
    from safetensors import SafetensorError, safe_open  # noqa: PLC0415 - for who prepares a model alone

    scale, names = check_adapter(path)
    try:
        with safe_open(path, "np") as file:
            return {name: LowRank(file.get_tensor(f"{name}.a"), file.get_tensor(f"{name}.b"), scale) for name in names}
    except (OSError, SafetensorError) as error:
        raise _unusable(path, str(error).split("\n")[0]) from error


def write_adapter(path: Path, corrections: Mapping[str, LowRank], **about: str) -> None:
    """Write corrections of one scale in float16, with the model they are for; `about` is kept beside, for people."""
    import numpy as np  # noqa: PLC0415 - settings import this module, and help needs none
    from safetensors.numpy import save_file  # noqa: PLC0415 - for who prepares a model alone

    tensors, scales = {}, {each.scale for each in corrections.values()}
    for name, each in corrections.items():
        tensors[f"{name}.a"] = np.ascontiguousarray(each.down, dtype=np.float16)
        tensors[f"{name}.b"] = np.ascontiguousarray(each.up, dtype=np.float16)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, {"base": BASE, "scale": str(*scales), **about})


def merge_adapter(weights: dict[str, np.ndarray], adapter: Path) -> None:
    """Add an adapter to the weights of a model, in place; or raise AdapterWrong if they are not those it is for."""
    for name, correction in read_adapter(adapter).items():
        weight = weights.get(f"{name}.weight")
        product = correction.product()
        if weight is None or weight.shape != product.shape:
            raise _unusable(adapter, f"{name} n'est pas dans le modèle, ou pas à cette taille")
        weights[f"{name}.weight"] = (weight.astype("float32") + product).astype(weight.dtype)


def _unusable(path: Path, reason: str) -> AdapterWrong:
    return AdapterWrong(
        f"L'adaptateur {str(path)!r} ne peut pas servir ({reason}). "
        "Videz ASSISTANT_ADAPTER pour celui qui est livré, ou refaites-le : assistant adapt"
    )
