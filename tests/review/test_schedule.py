"""What runs by itself is set on the page of runs, with the next times in the review's own time zone."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.workspace import read_review, write_atomic
from review.desk.jobs import Jobs
from support.review_page import HOST, Browser, Served

ORIGIN = {"Origin": f"http://{HOST}"}
# In the place of `jaiza serve`: says its arguments, then stays until it is interrupted.
STAYS = (sys.executable, "-c", "import sys, time; print(*sys.argv[1:], flush=True); time.sleep(600)")
FORM = {
    "run_every": "day", "run_time": "07:30", "search_every": "never",
    "retrain_every": "cron", "retrain_cron": "0 5 1-7 * 1",
    "retrain_after": "50", "timezone": "Africa/Nairobi",
}  # fmt: skip


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "mine")
    text = 'title = "Mine"\nshipped_sources = false\n\n[pull]\n# a slow line here\nattempts = 5\n'
    write_atomic(made.workspace.root / "review.toml", text.encode())
    write_atomic(made.workspace.root / "sources.toml", b"# none yet\n")
    yield made
    made.log.close()


def _post(browser: Browser, path: str, **given: str) -> str:
    return browser.post(path, data={"csrf": browser.csrf, **given}, headers=ORIGIN).text


def test_times_are_kept_in_the_settings_and_the_next_are_shown_in_the_reviews_zone(served: Served) -> None:
    browser = served.browser()
    page = _post(browser, "/runs/schedule", **FORM)
    assert "Kept." in page
    assert ", 07:30" in page
    assert "either, not both together" in page
    assert 'value="Africa/Nairobi"' in page
    review = read_review(served.workspace.root / "review.toml")
    assert (review.schedule.run, review.schedule.retrain) == ("30 7 * * *", "0 5 1-7 * 1")
    assert (review.schedule.retrain_after, review.timezone) == (50, "Africa/Nairobi")
    assert (review.pull.attempts, review.title) == (5, "Mine")
    assert "# a slow line here" in (served.workspace.root / "review.toml").read_text()


def test_the_command_reads_the_same_times(served: Served) -> None:
    from flows.deployments import Plan, plan_of

    _post(served.browser(), "/runs/schedule", **FORM)
    workspace = served.context.workspace
    assert plan_of(workspace) == Plan("30 7 * * *", "0 5 1-7 * 1", 50, "Africa/Nairobi", "")
    assert plan_of(workspace, retrain_after=0, timezone=None).retrain_after == 0


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"run_time": "soon"}, "is no time of day"),
        ({"timezone": "Africa/Nairoby"}, "did you mean"),
        ({"retrain_cron": "0 5"}, "is no cron expression"),
        ({"retrain_after": "many"}, "is no number of decisions"),
        ({"run_every": "decade"}, "does not know what is wanted"),
    ],
)
def test_what_can_not_be_understood_changes_nothing(served: Served, wrong: dict[str, str], told: str) -> None:
    before = (served.workspace.root / "review.toml").read_bytes()
    assert told in _post(served.browser(), "/runs/schedule", **{**FORM, **wrong})
    assert (served.workspace.root / "review.toml").read_bytes() == before


def test_it_is_turned_on_and_off_from_the_page(served: Served) -> None:
    browser = served.browser()
    served.context.jobs = Jobs(served.workspace, STAYS)
    page = _post(browser, "/runs/serving", what="start")
    assert "<b>On</b>, started by amina" in page
    assert "takes them up in a moment" in _post(browser, "/runs/schedule", **FORM)
    _until(lambda: "serve --workspace" in served.context.jobs.said("serve"))
    _post(browser, "/runs/serving", what="stop")
    _until(lambda: served.context.jobs.last("serve").state != "running")  # type: ignore[union-attr]
    assert "<b>Off</b>" in browser.get("/runs").text


def _until(holds: object, limit: float = 60.0) -> None:
    begun = time.monotonic()
    while not holds():  # type: ignore[operator]
        assert time.monotonic() - begun < limit
        time.sleep(0.05)
