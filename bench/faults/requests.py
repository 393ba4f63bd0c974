"""Odd requests to a review that is served: none is a fault of the server, none is waited for, nothing is lost."""

from __future__ import annotations

import json
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from bench.faults import scene
from bench.faults.mutations import TOKENS, mutated
from bench.faults.tally import Tally, files_under
from bench.machine import jaiza

SECONDS = 30.0  # for an answer
PATHS = (
    "/", "/code", "/item", "/ahead", "/quote", "/matrix", "/codebook", "/memos", "/search", "/people", "/trust",
    "/results", "/runs", "/runs/state", "/sources", "/machine", "/upkeep", "/searches", "/screening", "/agreement",
    "/adjudicate", "/overruled", "/screening/disputes", "/screening/records", "/screening/numbers", "/enter",
    "/pages/{source}", "/picture/{source}/{page}", "/words/{source}/{page}", "/document/{source}",
    "/document/{source}/codes", "/document/{source}/text", "/document/{source}/passages", "/sheet/{source}",
    "/cell/{source}/{theme}", "/sources/picture/{file}", "/results/file/{file}", "/screening/first-page/{source}",
    "/static/{file}", "/results/export", "/act",
)  # fmt: skip
# What changes something is sent with the sign of the page to these; to others without, for they fetch or start things.
CHANGES = ("/act", "/screening", "/adjudicate", "/search", "/reload", "/people", "/trust")
ACTS = (
    "value",
    "passed",
    "done",
    "undo",
    "note",
    "memo",
    "newcode",
    "codeall",
    "unsure",
    "skip",
    "study",
    "code",
    "add",
)
FIELDS = (
    "source", "passage", "theme", "value", "from", "to", "pages", "places", "note", "text", "id", "code", "seconds",
    "view", "sure", "kind", "fields", "because", "passages", "anchor", "by", "page", "stage", "verdict", "record", "q",
    "name", "role", "action", "coder", "column", "studies", "format", "key", "act", "query",
)  # fmt: skip
METHODS = ("GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO")


class Requests:
    """Makes them up."""

    def __init__(self, dice: random.Random, host: str, cookie: str, sign: str) -> None:
        self._dice, self._host, self._cookie, self._sign = dice, host, cookie, sign

    def value(self, depth: int = 0) -> Any:
        """Something that JSON can hold."""
        dice = self._dice
        if depth < 3 and dice.random() < 0.25:
            some = range(dice.randrange(3))
            return [self.value(depth + 1) for _ in some] if dice.random() < 0.5 else {
                dice.choice(FIELDS): self.value(depth + 1) for _ in some
            }  # fmt: skip
        return dice.choice((
            None, True, False, 0, 1, 2, -1, 10**30, 1e308, float("nan"), "", "\ud800", "²", *scene.STUDIES, "GW", "1",
            self._token(), "x" * 5000, "2026-01-01T00:00:00.000001+00:00", dice.random(),
        ))  # fmt: skip

    def _token(self) -> str:
        return self._dice.choice(TOKENS).decode("utf-8", "replace")[:2000]

    def path(self) -> str:
        """A path of the review, filled in oddly."""
        dice = self._dice
        path = dice.choice(PATHS)
        for name in re.findall(r"\{(\w+)\}", path):
            put = dice.choice(
                (*scene.STUDIES, "1", "0", "-1", "9" * 30, "²", "GW", "..%2f..%2fx", quote(self._token(), safe=""))
            )
            path = path.replace(f"{{{name}}}", put[:400])
        if dice.random() < 0.5:
            some = [(dice.choice(FIELDS), str(self.value()).encode("utf-8", "replace")[:300]) for _ in range(3)]
            path += "?" + "&".join(f"{name}={quote(value)}" for name, value in some)
        return path if dice.random() < 0.95 else path + quote(self._token()[:500])

    def made(self) -> bytes:
        """A request as it goes over the line."""
        dice, path = self._dice, self.path()
        method = dice.choice(METHODS)
        if method == "POST":
            path = dice.choice(CHANGES) if dice.random() < 0.8 else path
        sign = self._sign if urlsplit(path).path in CHANGES else "none"
        fields = {"act": dice.choice(ACTS), "csrf": sign} | {
            dice.choice(FIELDS): self.value() for _ in range(dice.randrange(6))
        }
        if dice.random() < 0.7:
            fields |= {
                "key": f"2026-01-01T00:00:00.{dice.randrange(10**6):06}+00:00",
                "source": dice.choice(scene.STUDIES),
            }
        as_json = dice.random() < 0.7
        body = json.dumps(fields).encode() if as_json else "&".join(
            f"{name}={quote(str(value).encode('utf-8', 'replace'))}" for name, value in fields.items()
        ).encode()  # fmt: skip
        if dice.random() < 0.2:
            body = mutated(body, dice)
        body = body if method not in ("GET", "HEAD") else b""
        kind = "application/json" if as_json else "application/x-www-form-urlencoded"
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\nOrigin: http://{self._host}\r\n"
            f"Cookie: {self._cookie}\r\n"
            f"X-Jaiza: {sign}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        ).encode("latin-1", "replace")
        if dice.random() < 0.15:
            head = mutated(head, dice)
        return head + body


def run(count: int, seed: int, folder: Path | None = None) -> Tally:
    """Send so many to `jaiza review` on a small review, and look at its answers, its log and its messages."""
    tally = Tally("odd requests to `jaiza review`")
    folder = folder or Path(tempfile.gettempdir()) / "jaiza-bench-faults"
    template = scene.make_template(folder)
    with tempfile.TemporaryDirectory(prefix="jaiza-requests-", dir=folder) as place:
        workspace = Path(place) / "review"
        shutil.copytree(template, workspace)
        scene.finish(workspace, "import", str(workspace / "brought.csv"))
        before, beside = set(scene.said(workspace)), files_under(Path(place), but=workspace)
        with (Path(place) / "messages").open("w") as messages:
            process = subprocess.Popen(
                [sys.executable, "-u", *jaiza(workspace, "review", "--no-browser")[1:]],
                stdout=subprocess.PIPE, stderr=messages, text=True, env=scene.environment(),
            )  # fmt: skip
            try:
                host, cookie, sign = _entered(process)
                _send_all(Requests(random.Random(seed), host, cookie, sign), host, count, tally)
                if httpx.get(f"http://{host}/", headers={"Cookie": cookie}, timeout=SECONDS).status_code != 200:
                    tally.note("hangs", "the page does not open afterwards")
            finally:
                process.terminate()
                process.wait(timeout=60)
        told = (Path(place) / "messages").read_text() + (workspace / "review-server.log").read_text()
        for lines in re.findall(r"Traceback.*?\n(?=\S)[^\n]*", told, re.DOTALL)[:20]:
            tally.note("tracebacks", lines[-400:])
        if gone := before - set(scene.said(workspace)):
            tally.note("lost", f"{len(gone)} decisions")
        after = files_under(Path(place), but=workspace)
        after.pop(str(Path(place) / "messages"))
        if after != beside:
            tally.note("outside", str(after.keys() ^ beside.keys()))
    return tally


def _entered(process: subprocess.Popen[str]) -> tuple[str, str, str]:
    """Where the review is served, a session's cookie, and the sign of its page."""
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"http://(127\.0\.0\.1:\d+)/enter#(\S+)", line):
            host, token = found.groups()
            break
    else:
        raise RuntimeError("the review is not served")
    with httpx.Client(base_url=f"http://{host}", timeout=120) as client:
        client.post("/enter", data={"token": token}, headers={"Origin": f"http://{host}"})
        page = client.get("/").text
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return host, cookie, page.partition('name="csrf" content="')[2].partition('"')[0]


def _send_all(made: Requests, host: str, count: int, tally: Tally) -> None:
    address, answered = host.split(":"), Counter[str]()
    for number in range(count):
        request = made.made()
        tally.tried += 1
        half = number % 20 == 0  # some break off in the middle
        try:
            with socket.create_connection((address[0], int(address[1])), timeout=SECONDS) as line:
                line.sendall(request[: len(request) // 2] if half else request)
                if half:
                    continue
                line.shutdown(socket.SHUT_WR)
                answer = line.recv(200)
        except TimeoutError:
            tally.note("hangs", repr(request[:300]))
        except OSError:
            continue  # it was refused before it was sent to its end
        else:
            status = found[1].decode() if (found := re.match(rb"HTTP/1\.1 (\d+)", answer)) else "none"
            answered[status] += 1
            if "500" <= status < "600":
                tally.note("tracebacks", f"{status} for {request[:500]!r}")
    print("answers: " + ", ".join(f"{status}: {times}" for status, times in sorted(answered.items())), flush=True)
