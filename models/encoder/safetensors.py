"""Reading the float32 arrays of a safetensors file, without the library of that name."""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray

from corpus.json_table import JsonTable


def tensors(data: bytes) -> dict[str, NDArray[np.float32]]:
    """The float32 arrays in a safetensors file: eight bytes of length, a JSON header, then the numbers."""
    length = int.from_bytes(data[:8], "little")
    header: JsonTable = json.loads(data[8 : 8 + length])
    found = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            flat = np.frombuffer(data, dtype="<f4", count=(end - start) // 4, offset=8 + length + start)
            found[name] = flat.reshape(entry["shape"]).copy()
    return found
