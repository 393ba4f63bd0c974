"""Eight coders decide at once over HTTP and the server is killed twice: nothing acknowledged is lost or doubled."""

from __future__ import annotations

from pathlib import Path

from bench.durability import trial

CODERS = 8


def test_every_acknowledged_decision_is_there_once_and_in_order(tmp_path: Path) -> None:
    done = trial(tmp_path, each=12, kills=2, coders=CODERS)
    assert done.sent_again > 0  # the kills were felt
    assert len(done.acknowledged) == CODERS
    assert all(len(keys) == 12 for keys in done.acknowledged.values())
    assert done.acknowledged == done.stored
