"""New decisions call for a retraining at a real Prefect server, once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from annotations.decision import Anchor, Decision
from annotations.log.open_log import open_log
from flows.prefect_server import lasting_server
from support.small_review import review_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="hands a socket on to the server")


def test_a_real_server_is_called_once_after_an_import_and_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    review = review_of(tmp_path / "mine", {"doc-0": b"%PDF-1.4"})
    with open_log(review) as log:
        log.record([Decision("doc-0", "GW", 1, "amina", "coder", Anchor(f"passage {n}", 1)) for n in range(250)])
    with lasting_server(review.prefect_home, port=None, database=""):
        from prefect.client.orchestration import get_client

        from flows.decision_events import call_for_retraining
        from flows.deployments import Plan, deployments

        registered = [one for one in deployments(review, Plan(retrain_after=100)) if one.name == "after-decisions"]
        for one in registered:
            one.apply()
        assert call_for_retraining(review, 100)
        assert not call_for_retraining(review, 100), "those decisions have called already"
        for one in registered:  # as a restarted `jaiza serve` does
            one.apply()
        assert not call_for_retraining(review, 100)
        with get_client(sync_client=True) as client:
            (run,) = client.read_flow_runs()
            assert run.state is not None
            assert run.state.is_scheduled()
            assert run.parameters["parameters"]["workspace"] == str(review.root)
