"""Reading the float32 arrays of a safetensors file, without the library of that name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


def tensors(data: bytes) -> dict[str, NDArray[np.float32]]:
    """The float32 arrays in a safetensors file: eight bytes of length, a JSON header, then the numbers."""
    length = int.from_bytes(data[:8], "little")
    header: Mapping[str, Any] = json.loads(data[8 : 8 + length])
    found = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            flat = np.frombuffer(data, dtype="<f4", count=(end - start) // 4, offset=8 + length + start)
            found[name] = flat.reshape(entry["shape"]).copy()
    return found
