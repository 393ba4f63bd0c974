"""Flow runs of `jaiza serve` go to a process that waits for them; where it can't take one, Prefect starts another."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from flows import warm_pool as spares_module
from flows.warm_pool import Spares

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there Prefect starts every flow run")

WAITING = """
import json, sys
from pathlib import Path
job = sys.stdin.readline()
if job:
    with Path(sys.argv[1]).open("a") as done:
        print(json.dumps(json.loads(job)["NAME"]), file=done)
"""


class Started:
    """Stands for the process that Prefect would start itself."""

    runs: list[str]

    def __init__(self) -> None:
        self.runs = []

    async def __call__(self, _command: list[str], **how: Any) -> Any:
        self.runs.append(how["env"]["NAME"])


class Told:
    """What the runner hears of a process that has begun."""

    def __init__(self) -> None:
        self.values: list[Any] = []

    def started(self, value: Any) -> None:
        self.values.append(value)


@pytest.fixture
def afresh(monkeypatch: pytest.MonkeyPatch) -> Started:
    started = Started()
    monkeypatch.setattr(spares_module, "run_afresh", started)
    return started


def spares(tmp_path: Path) -> Spares:
    return Spares([sys.executable, "-c", WAITING, str(tmp_path / "done")])


def done(tmp_path: Path) -> list[str]:
    path = tmp_path / "done"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


async def ready(kept: Spares) -> None:
    kept.prepare()
    while kept._waiting is None:
        await asyncio.sleep(0.01)


def test_a_flow_run_goes_to_the_waiting_process_and_another_waits_then(tmp_path: Path, afresh: Started) -> None:
    async def two_runs() -> tuple[Any, Told]:
        kept, told = spares(tmp_path), Told()
        await ready(kept)
        first = await kept.run_process(["never"], env={"NAME": "first"}, task_status=told)
        await ready(kept)
        await kept.run_process(["never"], env={"NAME": "second"})
        await kept.close()
        return first, told

    first, told = asyncio.run(two_runs())
    assert done(tmp_path) == ["first", "second"]
    assert (first.returncode, told.values) == (0, [first.pid])
    assert afresh.runs == []


def test_two_flow_runs_at_once_the_second_is_started_as_prefect_does(tmp_path: Path, afresh: Started) -> None:
    async def two_runs() -> None:
        kept = spares(tmp_path)
        await ready(kept)
        await asyncio.gather(*(kept.run_process(["never"], env={"NAME": name}) for name in ("first", "second")))
        await kept.close()

    asyncio.run(two_runs())
    assert (done(tmp_path), afresh.runs) == (["first"], ["second"])


@pytest.mark.parametrize("trouble", ["the program was changed", "the process was ended"])
def test_a_process_that_does_not_fit_any_more_gets_no_flow_run(
    tmp_path: Path, afresh: Started, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    async def run() -> int | None:
        kept = spares(tmp_path)
        await ready(kept)
        waiting = kept._waiting
        assert waiting is not None
        if "changed" in trouble:
            monkeypatch.setattr(spares_module, "_code", lambda: "another")
        else:
            waiting.kill()
            await waiting.wait()
        await kept.run_process(["never"], env={"NAME": "run"})
        await kept.close()
        return waiting.returncode

    assert asyncio.run(run()) is not None, "it does not wait for ever"
    assert (done(tmp_path), afresh.runs) == ([], ["run"])


def test_closing_ends_the_process_that_waits(tmp_path: Path) -> None:
    async def run() -> int | None:
        kept = spares(tmp_path)
        await ready(kept)
        waiting = kept._waiting
        await kept.close()
        assert waiting is not None
        return waiting.returncode

    assert asyncio.run(run()) is not None
