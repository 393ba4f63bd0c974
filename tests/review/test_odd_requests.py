"""Requests that no page sends: each is refused in a line, none is a fault of the server, none is kept waiting for."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from corpus.errors import LogUnavailableError
from review import auth
from review.auth import read_given
from review.serving.head_in_time import HeadInTime
from review.serving.server import listening_on, server_for
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


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """Where a server listens that waits for a head for a moment only."""
    monkeypatch.setattr(HeadInTime, "head_seconds", 0.2)

    async def answer(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await asyncio.sleep(0.4)  # longer than a head may take
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    with listening_on("127.0.0.1", 0) as listening:
        server = server_for(answer)  # type: ignore[arg-type]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield listening.getsockname()
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "])
def test_a_head_that_is_half_sent_is_not_waited_for(hasty: tuple[str, int], sent: bytes) -> None:
    with socket.create_connection(hasty, timeout=60) as line:
        line.sendall(sent)
        assert line.recv(100).startswith(b"HTTP/1.1 408 ")
        assert line.recv(100) == b""


def test_a_slow_answer_is_waited_for_and_the_next_head_has_to_come_in_time(hasty: tuple[str, int]) -> None:
    with socket.create_connection(hasty, timeout=60) as line:
        for number in range(2):
            line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert line.recv(1000).startswith(b"HTTP/1.1 204 "), number
        line.sendall(b"GET")
        assert line.recv(100).startswith(b"HTTP/1.1 408 ")


def test_a_database_that_is_gone_is_told_in_a_line_and_the_page_sends_again(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise LogUnavailableError("the decision log can't be read now: connection refused. Try again")

    browser = served.browser()
    sign = {"Origin": f"http://{HOST}", "X-Jaiza": browser.csrf}
    place = {"source": STUDIES[0], "passage": served.passage(0), "theme": "GW"}
    sent = {"act": "value", "value": 1, "key": browser.key(), **place}
    for holder, name in ((served.reviewers, "session"), (served.log, "news")):
        with monkeypatch.context() as broken:
            broken.setattr(holder, name, gone)
            for answer in (browser.get("/"), browser.post("/act", json=sent, headers=sign)):
                assert answer.status_code == 503
                assert "can't be read now" in answer.text
    token = {"token": "x" * 30}
    with monkeypatch.context() as broken:
        broken.setattr(served.reviewers, "verify_invitation", gone)
        assert browser.post("/enter", data=token, headers={"Origin": f"http://{HOST}"}).status_code == 503


def test_a_full_disk_is_told_in_a_line_and_the_page_sends_again(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    browser = served.browser()
    monkeypatch.setattr(served.log, "record", full)
    answer = browser.act("value", STUDIES[0], served.passage(0), "GW", value=1)
    assert (answer.status_code, "No space left" in answer.json()["error"]) == (503, True)
