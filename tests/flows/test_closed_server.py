"""The Prefect servers that Jaiza starts answer their owner only: harmless requests that must be refused."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from corpus.errors import JaizaError
from flows.prefect_server import Server, lasting_server, prefect_server
from flows.server.closed_server import SIGN_IN, write_private
from flows.server.database_address import address_for_asyncpg
from flows.server.database_template import copy_template, template_path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="hands a socket on to the server")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The lasting server of a workspace."""
    with lasting_server(tmp_path_factory.mktemp("home"), port=None, database="") as started:
        assert started is not None
        yield started


def _flows(server: Server, **headers: str) -> int:
    return httpx.post(f"{server.url}/flows/filter", json={}, headers=headers, trust_env=False).status_code


def _basic(secret: str) -> str:
    return httpx.BasicAuth(*secret.split(":", 1))._auth_header


def test_its_owner_is_answered_and_nobody_else(server: Server) -> None:
    port = urlsplit(server.url).port
    own = {"Authorization": _basic(server.secret)}
    assert _flows(server, **own) == 200
    assert _flows(server, **own, Origin=f"http://127.0.0.1:{port}") == 200
    assert _flows(server) == 401, "another account of the machine"
    assert _flows(server, Authorization=_basic("jaiza:guessed")) == 401
    assert _flows(server, **own, Origin="https://example.org") == 403, "a web page"
    assert _flows(server, **own, Origin="null") == 403
    assert _flows(server, **own, Host="example.org") == 403, "a name that leads here"
    assert _flows(server, **own, Host=f"127.0.0.1:{port}.example.org") == 403


def test_no_other_web_page_may_read_an_answer(server: Server) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    answer = httpx.options(f"{server.url}/flows/filter", headers=asked, trust_env=False)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("headers", [{"Origin": "https://example.org"}, {"Host": "example.org"}])
def test_a_web_page_opens_no_connection_for_events(server: Server, headers: dict[str, str]) -> None:
    address = server.url.replace("http:", "ws:") + "/events/in"
    with pytest.raises(InvalidStatus) as refused, connect(address, additional_headers=headers, proxy=None):
        pass
    assert refused.value.response.status_code in (400, 403)  # 400: two Host headers


def test_its_page_opens_for_the_one_who_has_the_address(server: Server) -> None:
    page = httpx.get(server.url.removesuffix("/api") + "/", trust_env=False)
    assert page.status_code == 200
    sign_in = httpx.get(server.sign_in, trust_env=False)
    assert sign_in.status_code == 200
    assert "prefect-password" in sign_in.text
    assert server.secret not in sign_in.text
    assert server.sign_in.partition("#")[0].endswith(SIGN_IN)


def test_the_secret_stands_in_no_command_line(server: Server) -> None:
    if Path("/proc/self/cmdline").exists():
        line = Path(f"/proc/{server.process.pid}/cmdline").read_bytes().decode()
        assert server.secret.partition(":")[2] not in line


def test_the_short_server_of_one_run_is_closed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)  # of the server above
    monkeypatch.delenv("PREFECT_API_AUTH_STRING", raising=False)
    with prefect_server(tmp_path / "prefect") as server:
        assert server is not None
        assert os.environ["PREFECT_API_AUTH_STRING"] == server.secret
        assert _flows(server, Authorization=_basic(server.secret)) == 200
        assert (_flows(server), _flows(server, Origin="https://example.org")) == (401, 403)
    assert "PREFECT_API_AUTH_STRING" not in os.environ


def test_a_private_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    write_private(tmp_path / "secret", b"x")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("postgresql://amina:pw@db/prefect", "postgresql+asyncpg://amina:pw@db/prefect"),
        ("postgres://db/prefect?sslmode=require", "postgresql+asyncpg://db/prefect?ssl=require"),
        ("postgresql+psycopg2://db/p?connect_timeout=5&sslmode=verify-full",
         "postgresql+asyncpg://db/p?timeout=5&ssl=verify-full"),
        ("postgresql://db/p?application_name=jaiza", "postgresql+asyncpg://db/p"),
    ],
)  # fmt: skip
def test_an_address_of_a_database_is_written_as_the_driver_wants_it(given: str, made: str) -> None:
    assert address_for_asyncpg(given) == made


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("postgresql://db/p?sslmode=maybe", "is none of disable"),
        ("postgresql://db/p?keepalives=1", "the option 'keepalives'"),
        ("mysql://db/p", "write postgresql://"),
    ],
)
def test_an_address_that_can_not_work_says_what_to_write(given: str, said: str) -> None:
    with pytest.raises(JaizaError, match=said):
        address_for_asyncpg(given)


def test_a_new_home_gets_the_database_that_was_made_at_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    copy_template(tmp_path / "home")
    assert not (tmp_path / "home").exists(), "without a template Prefect makes it"
    template_path().parent.mkdir(parents=True)
    with sqlite3.connect(template_path()) as database:
        database.execute("CREATE TABLE made (here INTEGER)")
    database.close()
    copy_template(tmp_path / "home")
    assert (tmp_path / "home" / "prefect.db").read_bytes() == template_path().read_bytes()
    (tmp_path / "home" / "prefect.db").write_bytes(b"used")
    copy_template(tmp_path / "home")
    assert (tmp_path / "home" / "prefect.db").read_bytes() == b"used"
