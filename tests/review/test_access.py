"""Nobody reads or changes anything but who is logged in, with what their role allows, from the page itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Route

from annotations.log.reviewers import ATTEMPTS
from review import app
from support.review_page import HOST, STUDIES, Browser, Served

KHAN = STUDIES[0]
ORIGIN = {"Origin": f"http://{HOST}"}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path)
    yield made
    made.log.close()


def _enter(browser: Browser, token: str, **given: str) -> str:
    return browser.post("/enter", data={"token": token}, headers={**ORIGIN, **given}).text


def test_the_link_of_the_one_who_started_it_works_once(served: Served) -> None:
    token = served.access.link.partition("#")[2]
    first, second = Browser(served.app), Browser(served.app)
    assert "Studies and themes" in _enter(first, token)
    assert "not valid" in _enter(second, token)
    assert "Studies and themes" not in second.get("/").text


def test_an_invitation_logs_in_until_it_is_revoked(served: Served) -> None:
    _, token = served.reviewers.add("bilal")
    browser = Browser(served.app)
    assert "bilal" in _enter(browser, token)
    served.reviewers.revoke("bilal")
    assert "Log in" in browser.get("/").text
    assert "not valid" in _enter(Browser(served.app), token)


def test_every_class_of_a_page_is_in_the_table_of_pages() -> None:
    there = {
        f"review.{folder}.{path.stem}"
        for folder in ("pages", "desk", "help")
        for path in (Path(app.__file__).parent / folder).glob("*.py")
        if "def routes(self) -> tuple" in path.read_text(encoding="utf-8")
    }
    assert there == {page.__module__ for page in app.PAGES}


def test_each_path_is_for_the_role_that_its_page_tells(served: Served) -> None:
    coder, refused = served.browser("bilal", "coder"), set()
    for row in (row for page in app.PAGES for row in page(served.context).routes()):
        path = row.path.replace("{source}", KHAN).replace("{page:int}", "1").replace("{column}", "GW")
        sent = coder.get(path) if row.method == "GET" else coder.post(path, json={}, headers=ORIGIN)
        if "you are a coder" in sent.text:
            refused.add(row.path)
        assert ("you are a coder" in sent.text) == (row.role != "coder"), path
    managed = {row.path for page in app.PAGES for row in page(served.context).routes() if row.role == "admin"}
    assert {"/people", "/sources", "/sources/upload", "/runs", "/results/export", "/upkeep/backup"} <= managed
    assert refused == {"/adjudicate", "/agreement"} | managed


def test_a_guest_reaches_what_is_only_looked_at_and_changes_nothing(served: Served) -> None:
    guest, looked_at = served.browser("gul", "guest"), set()
    for row in (row for page in app.PAGES for row in page(served.context).routes()):
        path = row.path.replace("{source}", KHAN).replace("{page:int}", "1").replace("{column}", "GW")
        signed = {**ORIGIN, "X-Jaiza": guest.csrf}
        sent = guest.get(path) if row.method == "GET" else guest.post(path, json={}, headers=signed)
        if "you are a guest" in sent.text.lower() and sent.status_code == 403:
            assert "\n" not in sent.text, path
        else:
            looked_at.add(row.path)
            assert row.method == "GET", path
    assert looked_at >= {
        "/",
        "/cell/{source}/{column}",
        "/document/{source}",
        "/sources",
        "/results",
        "/results/export",
    }
    assert looked_at.isdisjoint({"/code", "/people", "/runs", "/upkeep/backup", "/agreement", "/screening/records"})
    assert served.log.entries() == ()
    assert "logged out" in guest.post("/leave", data={"csrf": guest.csrf}, headers=ORIGIN).text


def test_the_bar_leads_only_to_what_the_role_allows(served: Served) -> None:
    assert [entry.name for entry in served.context.menu][:2] == ["Matrix", "Code"]
    assert 'href="/sources"' in served.browser().get("/memos").text
    assert 'href="/people"' in served.browser().get("/sources").text
    assert 'href="/sources"' not in served.browser("bilal", "coder").get("/memos").text


def _paths(served: Served) -> list[tuple[str, str]]:
    """Every path of the application but the way in, filled in, and its method."""
    found = []
    for route in served.app.routes:
        if isinstance(route, Route) and route.path != "/enter":
            path = route.path.replace("{source}", KHAN).replace("{page:int}", "1").replace("{column}", "GW")
            found += [(method, path) for method in sorted(route.methods or ()) if method != "HEAD"]
    return found


def test_without_a_session_every_path_is_shut(served: Served) -> None:
    paths = _paths(served)
    assert len(paths) >= 10
    for method, path in paths:
        for cookie in ("", "guessed"):
            browser = Browser(served.app)
            browser.cookies.set("jaiza", cookie)
            answer = browser.get(path) if method == "GET" else browser.post(path, json={}, headers=ORIGIN)
            assert answer.status_code == 403 or "Open the link you were given" in answer.text, path
            assert "Khan" not in answer.text, path
    assert served.log.entries() == ()


def test_a_request_that_does_not_come_from_the_page_changes_nothing(served: Served) -> None:
    browser = served.browser()
    act = {
        "act": "value",
        "source": KHAN,
        "passage": served.passage(0),
        "theme": "GW",
        "value": 1,
        "key": browser.key(),
    }
    sign = browser.csrf
    for headers in (
        {}, {"X-Jaiza": "wrong"}, ORIGIN, {"X-Jaiza": sign, "Origin": "http://evil.example"},
        {"X-Jaiza": sign, "Origin": "null"}, {"X-Jaiza": served.browser("bilal", "coder").csrf},
    ):  # fmt: skip
        assert browser.post("/act", json=act, headers=headers).status_code == 403
    assert served.log.entries() == ()


def test_another_name_for_this_machine_is_refused(served: Served) -> None:
    assert served.browser().get("/", headers={"host": "evil.example:8010"}).status_code == 400
    answer = Browser(served.app).post("/enter", data={"token": "x"}, headers={"host": "evil.example:8010"})
    assert answer.status_code == 400


def test_logging_in_makes_a_session_that_nobody_could_fix_beforehand(served: Served) -> None:
    _, token = served.reviewers.add("bilal")
    victim = Browser(served.app)
    victim.cookies.set("jaiza", "chosen-by-the-attacker")
    _enter(victim, token)
    attacker = Browser(served.app)
    attacker.cookies.set("jaiza", "chosen-by-the-attacker")
    assert "Log in" in attacker.get("/").text


def test_logging_in_again_ends_the_session_before(served: Served) -> None:
    _, token = served.reviewers.add("bilal")
    browser = Browser(served.app)
    _enter(browser, token)
    before = Browser(served.app)
    before.cookies = browser.cookies.__class__(browser.cookies)
    _enter(browser, token)
    assert "Log in" in before.get("/").text


def test_logging_out_ends_the_session_on_the_server(served: Served) -> None:
    browser = served.browser()
    kept = browser.cookies.__class__(browser.cookies)
    assert "logged out" in browser.post("/leave", data={"csrf": browser.csrf}, headers=ORIGIN).text
    again = Browser(served.app)
    again.cookies = kept
    assert "Log in" in again.get("/").text


def test_guessing_is_stopped_even_for_a_right_guess(served: Served) -> None:
    _, token = served.reviewers.add("bilal")
    for number in range(ATTEMPTS):
        _enter(Browser(served.app), f"guess {number}")
    assert "Too many" in _enter(Browser(served.app), token)


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_the_cookie_is_for_the_server_alone(served: Served, scheme: str, secure: bool) -> None:
    _, token = served.reviewers.add("bilal")
    browser = Browser(served.app)
    answer = browser.post(f"{scheme}://{HOST}/enter", data={"token": token}, headers={"Origin": f"{scheme}://{HOST}"})
    (cookie,) = [value for past in answer.history for value in past.headers.get_list("set-cookie")]
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()
    assert ("secure" in cookie.lower()) == secure


def test_nothing_secret_stands_in_an_address(served: Served) -> None:
    _, token = served.reviewers.add("bilal")
    answer = Browser(served.app).post("/enter", data={"token": token}, headers=ORIGIN)
    for response in (*answer.history, answer):
        assert token not in str(response.url)
        assert token not in str(response.headers)
        assert token not in response.text


@pytest.mark.parametrize("path", ["/", "/enter", "/code", "/static/code.js", "/nowhere", f"/cell/{KHAN}/XX"])
def test_every_answer_lets_only_the_pages_own_files_run(served: Served, path: str) -> None:
    headers = served.browser().get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"


def test_the_pages_hold_no_inline_script_or_style_and_nothing_from_elsewhere(served: Served) -> None:
    browser = served.browser()
    for path in ("/", "/enter", f"/code?study={KHAN}", f"/pages/{KHAN}", f"/cell/{KHAN}/GW"):
        text = browser.get(path).text
        assert "<style" not in text
        assert " style=" not in text
        assert "<script>" not in text
        assert " onclick" not in text
        assert "//" not in text.replace("<!doctype html>", "").replace("://www.w3.org", ""), path


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2f..%2fapp.py", "/static/../app.py", "/picture/..%2f..%2fetc/1", "/picture/khan-2016/0",
        "/picture/khan-2016/99999999999999999999", "/words/khan-2016/77", "/pages/..%2fkhan-2016",
        "/cell/khan-2016/..%2f..",        "/code?study=../../etc",
        "/code?by=../x", f"/quote?source={KHAN}&page=1&first=-1&last=2",
        "/item?step=1&by=../x",
    ],
)  # fmt: skip
def test_an_id_that_is_none_finds_nothing(served: Served, path: str) -> None:
    answer = served.browser().get(path)
    assert answer.status_code in (400, 404)
    assert "Traceback" not in answer.text
    assert "def " not in answer.text


@pytest.mark.parametrize(
    ("role", "shut"),
    [
        ("coder", ("/adjudicate", "/agreement", "/people", "/sources")),
        ("adjudicator", ("/people", "/sources")),
        ("admin", ()),
    ],
)
def test_each_role_gets_its_pages_only(served: Served, role: str, shut: tuple[str, ...]) -> None:
    browser = served.browser("bilal", role)
    for path in ("/", "/code", "/overruled", "/adjudicate", "/agreement", "/sources", "/people"):
        assert browser.get(path).status_code == (403 if path in shut else 200), path
        menu = browser.get("/sources" if path == "/people" and path not in shut else "/").text
        assert f'<a href="{path}"' in menu or path in shut
    for path in ("/adjudicate", "/people"):
        answer = browser.post(path, data={"csrf": browser.csrf, "what": "add", "name": "x"}, headers=ORIGIN)
        assert (answer.status_code == 403) == (path in shut), path


def test_an_admin_invites_and_revokes(served: Served) -> None:
    admin = served.browser()
    page = admin.post("/people", data={"csrf": admin.csrf, "name": "bilal", "role": "coder"}, headers=ORIGIN).text
    link = page.partition('class="link-once">')[2].partition("<")[0]
    browser = Browser(served.app)
    assert "bilal" in _enter(browser, link.partition("#")[2])
    assert link not in admin.get("/people").text
    admin.post("/people", data={"csrf": admin.csrf, "what": "revoke", "name": "bilal"}, headers=ORIGIN)
    assert "Log in" in browser.get("/").text
    refused = admin.post("/people", data={"csrf": admin.csrf, "what": "revoke", "name": "amina"}, headers=ORIGIN)
    assert "can't revoke yourself" in refused.text
