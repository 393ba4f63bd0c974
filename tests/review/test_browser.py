"""The review in a real browser: a coder reviews by keyboard, selects words, another differs, a third rules."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from annotations.decision import Act
from exchange.coded_review import CodedReview, Study
from exchange.writers.refi_project import write_project
from support.browser import Reader, check_accessible, chromium, served_at
from support.review_page import HOST, STUDIES, Served

KHAN, NOOR = STUDIES
KEYS = "12x2 1x122 x21x1 2212x1".replace(" ", "")  # twenty decisions
VALUES = {"1": 1, "2": 2, "x": 0}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as made:
        yield made


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path, themes=("GW", "FS", "TI"))
    yield made
    made.log.close()


def _invited(served: Served, name: str, role: Any) -> str:
    return f"/enter#{served.reviewers.add(name, role)[1]}"


def test_the_whole_story(browser: Any, served: Served) -> None:
    with served_at(served) as address:
        amina = Reader(browser, address, served.access.link)
        amina.open(f"/code?by=study&study={KHAN}")
        expected: list[tuple[str, str, int]] = []
        for key in KEYS[:12]:  # all of the first study
            expected.append((amina.page.get_attribute("#item", "data-passage"), amina.text("h1 .code"), VALUES[key]))
            assert amina.press(key).startswith(expected[-1][1])
        assert amina.text("h1") == "All of these are decided"
        amina.open(f"/code?by=study&study={NOOR}")
        for key in KEYS[12:]:
            expected.append((amina.page.get_attribute("#item", "data-passage"), amina.text("h1 .code"), VALUES[key]))
            amina.press(key)
        for _ in range(3):
            passage, theme, _value = expected.pop()
            assert theme in amina.press("z")
            assert amina.page.get_attribute("#item", "data-passage") == passage
        _select(amina.page, "means", "once")
        amina.page.keyboard.press("a")
        amina.page.wait_for_selector("#chooser[open]")
        assert amina.text("#chooser-quote") == "means was made only once"
        amina.page.keyboard.press("c")  # the third theme
        amina.press("2")
        _decided_exactly(served, "amina", expected, words=("means was made only once", "TI", 2))
        _code_of_ones_own(amina)

        bilal = Reader(browser, address, _invited(served, "bilal", "coder"))
        bilal.open(f"/code?by=study&study={KHAN}")
        bilal.press("x")  # amina said 1
        bilal.press("x")  # amina said 2
        bilal.close()

        dilnoza = Reader(browser, address, _invited(served, "dilnoza", "adjudicator"))
        dilnoza.open("/adjudicate")
        assert "2 open, 0 settled" in dilnoza.text("main")
        first = dilnoza.page.locator("article").first
        assert "amina: 1, mentioned" in first.inner_text()
        assert "bilal: 0, not discussed" in first.inner_text()
        first.get_by_label("2, with evidence").check()
        first.get_by_role("button", name="Rule").click()  # without a reason nothing is stored
        assert served.log.current()[-1].role != "adjudicator"
        first.get_by_role("textbox").fill("The delay is shown <b>in figures</b>.")
        first.get_by_role("button", name="Rule").click()
        dilnoza.page.wait_for_selector("text=The ruling is stored.")
        assert "1 open, 1 settled" in dilnoza.text("main")
        dilnoza.open("/agreement")
        assert "amina, bilal" in dilnoza.text("main")
        table = dilnoza.page.get_by_role("region", name="Agreement, presence")
        assert "33.3" in table.get_by_role("row").filter(has_text="all themes").inner_text()
        dilnoza.close()

        amina.open("/overruled")
        assert "The delay is shown <b>in figures</b>." in amina.text("main")
        amina.open("/")
        rows = {
            name: amina.page.get_by_role("row").filter(has_text=name).get_by_role("cell") for name in ("Khan", "Noor")
        }
        assert [text[0] for text in rows["Khan"].all_inner_texts()[:3]] == ["2", "2", "2"]
        assert [text[0] for text in rows["Noor"].all_inner_texts()[:3]] == ["2", "1", "2"]
        amina.page.get_by_label("Khan (2016), GW: 2, with evidence (adjudicated)").click()
        history = amina.page.get_by_role("region", name="History")
        assert "dilnoza (adjudicator)" in history.inner_text()
        assert history.get_by_role("row").count() == 1 + 4 + 1 + 1  # head, amina's four, bilal's, the ruling
        amina.close()
    _exported_exactly(served)


def _code_of_ones_own(amina: Reader) -> None:
    """By keyboard: a code is made for the words selected, is offered from then on, and is undone."""
    _select(amina.page, "means", "once")
    at = amina.page.get_attribute("#item", "data-passage")
    amina.page.keyboard.press("i")
    amina.page.wait_for_selector("#invivo[open]")
    assert amina.page.input_value("#invivo-name") == "means was made only once"
    amina.page.select_option("#invivo-under", "TI")
    assert amina.press("Enter") == "Code “means was made only once” made under TI"
    assert amina.page.get_attribute("#item", "data-passage") == at
    amina.page.keyboard.press("a")
    amina.page.wait_for_selector("#chooser[open]")
    amina.page.keyboard.press("d")  # behind the three themes
    assert amina.press("1") == "means was made… added: mentioned"
    amina.page.wait_for_selector("#panel:not([aria-busy])")
    for said in ("means was made… mentioned", "the code “means was made only once”"):
        assert said in amina.press("z")


def _decided_exactly(
    served: Served, coder: str, expected: list[tuple[str, str, int]], *, words: Any, selected: bool = True
) -> None:
    current = [d for d in served.log.current() if d.coder == coder and d.anchor]
    found = [(d.anchor.passage_id, d.theme, d.value) for d in current if d.anchor and d.anchor.quote != words[0]]
    assert found == expected
    if not selected:
        return
    (made,) = [d for d in current if d.anchor and d.anchor.quote == words[0]]
    assert (made.theme, made.value) == words[1:]


def _exported_exactly(served: Served) -> None:
    """What another program gets is what the log holds, each under the name of its coder."""
    studies = [
        Study(
            source,
            served.review_items.documents.get(source.id),
            [d for d in served.log.current() if d.source_id == source.id],
        )
        for source in served.review_items.sources
    ]
    out = io.BytesIO()
    write_project(CodedReview("Mine", served.review_items.codebook, studies), out)
    with zipfile.ZipFile(out) as project:
        written = ElementTree.fromstring(project.read("project.qde"))
    space = "{urn:QDA-XML:project:1.0}"
    names = {user.get("guid"): user.get("name") for user in written.iter(f"{space}User")}
    counted = Counter(names[coding.get("creatingUser")] for coding in written.iter(f"{space}Coding"))
    made = Counter(d.coder + (" (adjudicator)" if d.role == "adjudicator" else "") for d in served.log.current())
    assert counted == made


def _select(page: Any, first: str, last: str) -> None:
    """Select words on the page image as a reader does, with the mouse."""
    start = page.locator(".words span", has_text=first).first
    start.wait_for(state="attached")
    start.scroll_into_view_if_needed()
    end = page.locator(".words span", has_text=last).first
    a, b = start.bounding_box(), end.bounding_box()
    page.mouse.move(a["x"] + 1, a["y"] + a["height"] / 2)
    page.mouse.down()
    page.mouse.move(b["x"] + b["width"] - 1, b["y"] + b["height"] / 2, steps=5)
    page.mouse.up()
    page.wait_for_selector("#code-words:not([hidden])")


PAGES = (
    f"/code?by=study&study={KHAN}", "/code?by=unsure", "/", f"/cell/{KHAN}/GW", "/adjudicate", "/overruled",
    "/agreement", "/people", "/enter",
)  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_accessibility_fault(browser: Any, served: Served, scheme: Any) -> None:
    _make_busy(served)
    with served_at(served) as address:
        amina = Reader(browser, address, served.access.link, color_scheme=scheme)
        for path in PAGES:
            amina.open(path)
            check_accessible(amina.page, path)
        amina.open(PAGES[0])
        for key, opened in (("?", "#keys[open]"), ("t", "#chooser[open]")):
            amina.page.keyboard.press(key)
            amina.page.wait_for_selector(opened)
            check_accessible(amina.page, opened)
            amina.page.keyboard.press("Escape")
        amina.close()


def _make_busy(served: Served) -> None:
    """Decisions, a dispute ruled on and one that is open, so that no page is empty."""
    amina, bilal = served.browser(), served.browser("bilal", "coder")
    for number in range(3):
        passage = served.passage(number)
        amina.act("value", KHAN, passage, "GW", value=2, note="seen in the annex")
        bilal.act("value", KHAN, passage, "GW", value=0 if number else 2)
    carol = served.browser("carol", "adjudicator")
    ruled = carol.get("/adjudicate").text.partition('name="dispute" value="')[2][:8]
    answer = {"csrf": carol.csrf, "dispute": ruled, "value": "0", "because": "No figure is given."}
    carol.post("/adjudicate", data=answer, headers={"Origin": f"http://{HOST}"})
    amina.act("unsure", KHAN, served.passage(3), "GW", note="ask Bilal")


def _ready(reader: Reader) -> None:
    """Wait until what comes next is in the browser."""
    for _ in range(200):
        if reader.page.evaluate("Ahead.panels.length"):
            return
        reader.page.wait_for_timeout(50)
    raise AssertionError("nothing was fetched beforehand")


def test_keys_pressed_faster_than_the_server_stores_decide_each_what_was_on_the_screen(
    browser: Any, served: Served
) -> None:
    def late(route: Any) -> None:
        amina.page.wait_for_timeout(150)
        route.continue_()

    with served_at(served) as address:
        amina = Reader(browser, address, served.access.link)
        amina.open(f"/code?by=study&study={KHAN}")
        _ready(amina)
        amina.page.route("**/act", late)
        on_screen = []
        for key in "12x1":
            on_screen.append((amina.page.get_attribute("#item", "data-passage"), amina.text("h1 .code"), VALUES[key]))
            amina.page.keyboard.press(key)
        amina.page.wait_for_selector('#panel[data-turn="4"]')
        _decided_exactly(served, "amina", on_screen, words=("", "", 0), selected=False)
        assert amina.text(".count") == "5 of 12, 8 open"
        amina.close()


def test_a_coder_judges_before_the_machines_label_is_shown(browser: Any, served: Served) -> None:
    with served_at(served) as address:
        amina = Reader(browser, address, served.access.link)
        amina.open(f"/code?by=study&study={KHAN}")
        assert "95 %" in amina.text(".score")
        amina.page.check("#judge-first")
        amina.page.wait_for_selector('#panel[data-turn="1"]')
        assert "%" not in amina.text("#panel .reading")
        assert "delayed" in amina.text(".why")  # the reasons stay
        assert amina.press("1") == "GW: mentioned. The machine: 95 % likely, mentioned"
        acts = [entry.what for entry in served.log.entries() if isinstance(entry.what, Act)]
        assert [(act.kind, act.note) for act in acts][1] == ("value", "judged before the machine's label was shown")
        amina.open(f"/document/{KHAN}")
        amina.page.wait_for_selector("main[data-ready]")
        said = [one["said"] for one in amina.page.evaluate("[...Margin.codes.values()]") if one["layer"] == "machine"]
        assert [one for one in said if "%" in one] == ["95 % likely, mentioned"]  # that which is answered
        amina.close()


def test_a_lost_connection_keeps_the_decision_and_sends_it_once(browser: Any, served: Served) -> None:
    with served_at(served) as address:
        amina = Reader(browser, address, served.access.link)
        amina.open(f"/code?by=study&study={KHAN}")
        _ready(amina)
        amina.context.set_offline(True)
        amina.page.keyboard.press("2")
        amina.page.wait_for_selector("#trouble:not([hidden])")
        assert "kept in this browser" in amina.text("#trouble")
        for key in "1x":  # the next ones are there already
            amina.page.keyboard.press(key)
        assert served.log.history() == ()
        amina.context.set_offline(False)
        amina.page.wait_for_selector('#panel[data-turn="3"]')
        amina.page.wait_for_selector("#trouble", state="hidden")
        assert [(d.theme, d.value) for d in served.log.history()] == [("GW", 2), ("FS", 1), ("TI", 0)]
        amina.problems.clear()  # the browser's own word on the lost connection
        amina.close()


def test_a_decision_waits_in_the_browser_even_when_the_page_is_left(browser: Any, served: Served) -> None:
    with served_at(served) as address:
        amina = Reader(browser, address, served.access.link)
        amina.open(f"/code?by=study&study={KHAN}")
        amina.page.route("**/act", lambda route: route.abort())
        amina.page.keyboard.press("2")
        amina.page.wait_for_selector("#trouble:not([hidden])")
        amina.open("/")
        amina.page.unroute("**/act")
        assert served.log.history() == ()
        amina.open("/code")
        amina.page.wait_for_selector('#panel[data-turn="1"]')
        assert [(d.theme, d.value) for d in served.log.history()] == [("GW", 2)]
        amina.problems.clear()
        amina.close()


def test_the_words_of_a_report_run_nothing(browser: Any, served: Served) -> None:
    served.browser().act("value", KHAN, served.passage(1), "GW", value=2, note="<img src=x onerror=alert(1)>")
    with served_at(served) as address:
        amina = Reader(browser, address, served.access.link)
        amina.page.on("dialog", lambda dialog: amina.problems.append(f"ran {dialog.message}"))
        amina.open("/code?words=alert")
        amina.page.wait_for_selector(".words span:has-text('<script>alert')", state="attached")
        amina.open(f"/cell/{KHAN}/GW")
        assert "onerror=alert" in amina.text("main")
        assert amina.page.locator("main img[src=x]").count() == 0
        amina.close()
