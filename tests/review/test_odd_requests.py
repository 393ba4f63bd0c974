"""Requests that no page sends: each is refused in a line, none is a fault of the server, none is kept waiting for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from review import auth
from review.auth import read_given
from support.review_page import HOST, STUDIES, Served

ACTS = ("value", "passed", "done", "undo", "note", "memo", "newcode", "codeall", "unsure", "skip", "codebook", "study")
FIELDS = (
    "source", "passage", "theme", "value", "from", "to", "pages", "places", "note", "text", "id", "code", "seconds",
    "view", "sure", "kind", "fields", "into", "because", "passages", "anchor",
)  # fmt: skip
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["\x1b[31m", "²", "9" * 400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = Served(tmp_path_factory.mktemp("odd") / "mine")
    yield made
    made.log.close()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(act=st.sampled_from(ACTS) | ODD, fields=st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=5))
def test_no_act_is_a_fault_of_the_server(served: Served, act: object, fields: dict[str, Any]) -> None:
    browser = served.browser()
    sent = {
        "act": act,
        "source": STUDIES[0],
        "passage": served.passage(0),
        "theme": "GW",
        "value": 1,
        "key": browser.key(),
    }
    headers = {"Origin": f"http://{HOST}", "X-Jaiza": browser.csrf, "Content-Type": "application/json"}
    answer = browser.post("/act", content=json.dumps({**sent, **fields}).encode(), headers=headers)
    assert answer.status_code in (200, 400), answer.text


@pytest.mark.parametrize(
    "body", [b"[" * 30_000, b'{"a":' * 5_000, b"\xff\xfe", b"", b"nul", b"[1]", b'{"act":"\\ud800"}']
)
def test_a_body_that_is_none_is_refused(served: Served, body: bytes) -> None:
    browser = served.browser()
    headers = {"Origin": f"http://{HOST}", "X-Jaiza": browser.csrf, "Content-Type": "application/json"}
    assert browser.post("/act", content=body, headers=headers).status_code == 400


def test_a_request_that_is_half_sent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(auth, "STALL_SECONDS", 0.05)
    pieces = iter([{"type": "http.request", "body": b"token=ab", "more_body": True}])

    async def receive() -> Any:
        try:
            return next(pieces)
        except StopIteration:
            await asyncio.sleep(60)

    request = Request({"type": "http", "method": "POST", "path": "/", "headers": []}, receive)
    with pytest.raises(ValueError, match="nothing more came"):
        asyncio.run(read_given(request))
