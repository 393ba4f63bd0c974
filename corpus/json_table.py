"""Tables of JSON, TOML and the like as they come from a file or a host: what is in them is checked where it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

JsonTable: TypeAlias = Mapping[str, Any]
JsonObject: TypeAlias = dict[str, Any]
