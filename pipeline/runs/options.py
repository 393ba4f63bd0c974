"""How a run is to be done, as the command and the flow are told it. Light: the command reads it before much loads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RunnerName = Literal["threads", "processes", "dask", "ray"]
Show = Literal["", "text", "json"]  # a line for every document, printed as it is settled


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The parameters of the extraction flow, explained there."""

    refresh: bool = False
    retry_failed: bool = False
    include_proposed: bool = False
    runner: RunnerName = "threads"
    dask_address: str = ""
    workers: int = 0
    log: Show = ""
    wait: bool = False
