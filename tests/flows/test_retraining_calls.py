"""New decisions call for a retraining at a real Prefect server, once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotations.decision import Anchor, Decision
from annotations.log.open_log import open_log
from support.small_review import review_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="hands a socket on to the server")
# In a process of its own: Prefect reads where its server is, and the secret of it, once in a process.
CALLS = """
import sys
from pathlib import Path
from flows.prefect_server import lasting_server
from pipeline.open_review import open_review
review = open_review(Path(sys.argv[1]))[0]
with lasting_server(review.prefect_home, port=0, database=""):
    from prefect.client.orchestration import get_client
    from flows.decision_events import call_for_retraining
    from flows.deployments import Plan, deployments
    registered = [one for one in deployments(review, Plan(retrain_after=100)) if one.name == "after-decisions"]
    for one in registered:
        one.apply()
    print(call_for_retraining(review, 100), call_for_retraining(review, 100))
    for one in registered:  # as a restarted `jaiza serve` does
        one.apply()
    print(call_for_retraining(review, 100))
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs():
            print(run.state.is_scheduled(), run.parameters["parameters"]["workspace"])
"""


def test_a_real_server_is_called_once_after_an_import_and_a_restart(tmp_path: Path) -> None:
    review = review_of(tmp_path / "mine", {"doc-0": b"%PDF-1.4"})
    with open_log(review) as log:
        log.record([Decision("doc-0", "GW", 1, "amina", "coder", Anchor(f"passage {n}", 1)) for n in range(250)])
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    done = subprocess.run(
        [sys.executable, "-c", CALLS, str(review.root)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert done.stdout.splitlines() == ["True False", "False", f"True {review.root}"], done.stderr
