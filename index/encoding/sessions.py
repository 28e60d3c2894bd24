"""Sessions: how ONNX Runtime computes here, on the threads that the model may have."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_SILENT = 4  # what cannot be opened is told by the error, not on the terminal besides


def open_session(graph: Path | bytes) -> "InferenceSession":
    """A graph of ONNX, ready to run; or raise ValueError when it is damaged.

    Its threads sleep while they wait: turning round, they would take the cores from numpy and from other programs.
    """
    # It would tell Microsoft of each start, and keep a number for this machine in its user's folder.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: PLC0415 - half a second, for what encodes or searches alone

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = count_threads()
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = _SILENT
    try:
        return onnxruntime.InferenceSession(
            graph if isinstance(graph, bytes) else str(graph), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        raise ValueError(str(error)) from error  # its errors have no class in common


def count_threads() -> int:
    """OMP_NUM_THREADS, as for other libraries that compute; else the cores that this process may use."""
    asked = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0]
    if asked.isdecimal() and int(asked):
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1  # macOS has none
