"""Three reports, a codebook made on the page, no suggestions: read, coded, valued, finished, in a real browser."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from annotations.decision import OWN_CODE
from corpus.registry.registry_file import add_sources
from corpus.store.pdf_store import Holding, Holdings
from corpus.workspace import CodingSettings
from extract.cache import store_document
from review.review_items import ReviewItems
from support.browser import Reader, check_accessible, chromium, served_at
from support.review_page import Served

THREE = ("khan-2016", "noor-2019", "shah-2021")
KHAN, NOOR, SHAH = THREE
THEMES = (
    ("DEL", "Delays", "Something comes too late."), ("MON", "Money", "Who pays, and for how long."),
    ("OUT", "Left out", "Who is not reached."), ("REG", "Registers", "Lists that are not kept."),
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as made:
        yield made


def _served(folder: Path, **given: Any) -> Served:
    """Three reports in which the machine proposes nothing."""
    made = Served(folder, studies=THREE, **given)
    made.review_items = ReviewItems(
        made.review_items.sources, made.review_items.documents, {}, made.review_items.codebook
    )
    made.log.close()
    made.start()
    return made


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = _served(tmp_path)
    yield made
    made.log.close()


class Coder(Reader):
    """A reader of whole documents."""

    def document(self, study: str) -> None:
        """Open a study."""
        self.page.goto(f"{self.address}/document/{study}")
        self.page.wait_for_selector("main[data-ready]")

    def acted(self, do: Any) -> str:
        """Do something that is stored; what the page says of it."""
        turn = int(self.page.get_attribute("#main", "data-turn") or 0)
        do()
        self.page.wait_for_selector(f'#main[data-turn="{turn + 1}"]')
        return self.text("#say")

    def press_acted(self, key: str) -> str:
        """Press a key that stores something."""
        return self.acted(lambda: self.page.keyboard.press(key))

    def code(self, letters: str, strength: str) -> str:
        """Code what is selected."""
        self.page.keyboard.press("a")
        self.page.wait_for_selector("#chooser[open]")
        for letter in letters:
            self.page.keyboard.press(letter)
        return self.press_acted(strength)

    def select(self, words: int) -> str:
        """Select so many words by keyboard, from the passage at hand."""
        self.page.wait_for_selector(".words span, #flow .passage", state="attached")
        self.page.focus("#pages:not([hidden]), #flow:not([hidden])")
        self.page.keyboard.press("ArrowRight")
        for _ in range(words - 1):
            self.page.keyboard.press("Shift+ArrowRight")
        for _ in range(600):
            if len(self.text("#selected").split()) == words and self.text("#selected") != "The whole passage":
                break
            self.page.wait_for_timeout(50)
        return self.text("#selected")

    def edit_codebook(self, kind: str, code: str, name: str, definition: str) -> None:
        """Begin a codebook, or add a theme, and confirm what is told of it."""
        self.page.goto(f"{self.address}/codebook")
        form = self.page.locator("section.theme form[data-act=codebook]").last
        if kind == "begin":
            form.get_by_label("Title of the codebook").fill("Made on the page")
        form.get_by_label("Code, up to 12 letters").fill(code)
        form.get_by_label("Name").fill(name)
        form.get_by_label("Definition").fill(definition)
        form.get_by_role("button").click()
        self.page.wait_for_selector("#sure[open]")
        self.page.get_by_role("button", name="Yes, do it").click()
        self.page.wait_for_selector(f"#t-{code}")

    def finish(self) -> None:
        """Press d, and confirm where something is open."""
        self.page.keyboard.press("d")
        self.page.wait_for_selector("#sure[open], #progress b")
        if self.page.locator("#sure[open]").count():
            self.page.get_by_role("button", name="Yes, do it").click()
        self.page.wait_for_selector("#progress b")


def _codebook(amina: Coder) -> None:
    for number, theme in enumerate(THEMES):
        amina.edit_codebook("add" if number else "begin", *theme)


def test_a_review_without_one_suggestion_is_coded_by_keyboard_and_its_matrix_is_right(
    browser: Any, served: Served
) -> None:
    with served_at(served) as address:
        amina = Coder(browser, address, served.access.link)
        _codebook(amina)
        assert served.context.review_items.codebook.codes == ("DEL", "MON", "OUT", "REG")
        assert len({one.colour for one in served.context.codables()}) == 4  # as they were offered
        for study, plan in (
            (KHAN, ("ad", "b", "ac", "d")),
            (NOOR, ("ad", "bd", "c", "ad")),
            (SHAH, ("a", "b", "bd", "a")),
        ):
            amina.document(study)
            for letters in plan:
                amina.page.keyboard.press("j")
                amina.code(letters, "2" if "d" in letters else "1")
        amina.document(KHAN)
        amina.page.keyboard.press("j")
        named = amina.select(4)
        amina.page.keyboard.press("i")
        amina.page.wait_for_selector("#invivo[open]")
        assert amina.page.input_value("#invivo-name") == named
        amina.page.select_option("#invivo-under", "DEL")
        assert "under DEL" in amina.acted(lambda: amina.page.keyboard.press("Enter"))
        amina.document(SHAH)
        amina.page.keyboard.press("j")
        amina.page.keyboard.press("j")
        amina.select(3)
        amina.page.keyboard.press("i")
        amina.page.wait_for_selector("#invivo[open]")
        amina.page.select_option("#invivo-under", "OUT")
        amina.acted(lambda: amina.page.keyboard.press("Enter"))
        coded = [d for d in served.log.current() if d.anchor and d.value]
        assert len(coded) == 20
        assert sum(d.theme.startswith(OWN_CODE) for d in coded) == 2
        _gone_through_by_theme(amina)
        amina.page.keyboard.press("m")
        amina.page.wait_for_selector("#memo[open]")
        amina.page.fill("#memo-text", "Compare with Khan.")
        amina.acted(lambda: amina.page.get_by_role("button", name="Keep it").click())
        amina.finish()
        for study in (KHAN, NOOR):
            amina.document(study)
            amina.finish()
        amina.page.goto(f"{address}/sheet/{NOOR}")
        form = amina.page.get_by_role("form", name="OUT")
        form.get_by_label("OUT: not known").check()
        form.get_by_label("Reason").fill("the annex is missing")
        form.get_by_role("button", name="Keep").click()
        amina.page.wait_for_selector("text=the annex is missing")
        assert _matrix(amina) == {"Khan": "2112", "Noor": "22?2", "Shah": "1212"}
        amina.page.goto(f"{address}/memos?q=compare")
        assert "Compare with Khan." in amina.text("main")
        _stored_as_by_a_run(served)
        _exports_say_what_was_coded(amina)
        amina.close()


def _stored_as_by_a_run(served: Served) -> None:
    """The registry and the texts in their files, where exports look for them."""
    items, holdings = served.review_items, Holdings(served.workspace)
    add_sources(served.workspace, items.sources)
    for study, document in items.documents.items():
        store_document(served.workspace, document)
        holdings.record(Holding(study, document.sha256, 1, "attached", "2026-01-01"))


def _exports_say_what_was_coded(amina: Coder) -> None:
    """The matrix in Excel and in Word, and the quotations with their memo, as they are downloaded on the page."""

    def exported(form: str) -> io.BytesIO:
        answer = amina.page.request.get(f"{amina.address}/results/export?format={form}", timeout=120_000)
        assert answer.ok, answer.text()
        return io.BytesIO(answer.body())

    rows = openpyxl.load_workbook(exported("xlsx"), read_only=True).worksheets[0].iter_rows(values_only=True)
    sheet = {str(row[0]).split()[0]: tuple(row) for row in rows if row and row[0]}
    assert [sheet[name][1:5] for name in ("Khan", "Noor")] == [(2, 1, 1, 2), (2, 2, "?", 2)]
    tables = docx.Document(exported("docx")).tables
    words = [tuple(cell.text for cell in row.cells) for table in tables for row in table.rows]
    assert ("1 R", "2 R", "1 R", "2 R") in [row[1:5] for row in words if row[0].startswith("Shah")]
    quoted = "".join(docx.Document(exported("quotations")).element.body.itertext())
    assert "The budget of the scheme depends on donors" in quoted
    assert "Compare with Khan." in quoted


def _gone_through_by_theme(amina: Coder) -> None:
    """A theme's places are listed with those of the codes under it, such as that just made; a click leads to each."""
    choice = amina.page.locator("#list-theme")
    offered = choice.locator("option").all_inner_texts()
    assert [one for one in offered if one.startswith("OUT")] == ["OUT Left out (1 coded)"]
    own = offered[offered.index("OUT Left out (1 coded)") + 1]
    assert own.startswith("– ")
    assert own.endswith("(1 coded)")
    choice.select_option(label=own)
    assert amina.page.locator("#coded li").count() == 1
    choice.select_option("OUT")
    amina.page.locator("#coded button").click()
    assert own == f"– {amina.text('#detail-title')} (1 coded)"
    amina.page.keyboard.press("Escape")
    choice.select_option("")


def _matrix(coder: Coder) -> dict[str, str]:
    coder.page.goto(f"{coder.address}/")
    rows = coder.page.locator("table.matrix tbody tr").all()
    named = {
        row.get_by_role("rowheader").inner_text().split()[0]: row.get_by_role("cell").all_inner_texts() for row in rows
    }
    return {name: "".join(text.strip()[0] for text in cells[:4]) for name, cells in named.items() if name != "Lost"}


def test_a_second_coder_sees_nothing_of_the_first_and_an_adjudicator_rules(browser: Any, tmp_path: Path) -> None:
    coding = CodingSettings(coders=("bilal", "chen"), double_share=1.0, unit="study")
    served = _served(tmp_path, coding=coding)
    with served_at(served) as address:
        for name, letters in (("bilal", "a"), ("chen", "b")):
            coder = Coder(browser, address, f"/enter#{served.reviewers.add(name, 'coder')[1]}")
            coder.document(KHAN)
            assert coder.page.locator(".stripe").count() == 0
            coder.page.keyboard.press("j")
            coder.code(letters, "1")
            coder.page.wait_for_selector(".stripe.mine")
            if name == "chen":
                assert coder.page.locator(".stripe").count() == 1
            coder.finish()
            coder.close()
        dilnoza = Coder(browser, address, f"/enter#{served.reviewers.add('dilnoza', 'adjudicator')[1]}")
        dilnoza.page.goto(f"{address}/adjudicate?study={KHAN}&theme=GW")
        first = dilnoza.page.locator("article").first
        first.get_by_label("1, mentioned").check()
        first.get_by_role("textbox").fill("it is said")
        first.get_by_role("button", name="Rule").click()
        dilnoza.page.wait_for_selector("text=The ruling is stored.")
        dilnoza.document(KHAN)
        assert {one["layer"] for one in dilnoza.page.evaluate("[...Margin.codes.values()]")} >= {"others"}
        dilnoza.close()
    served.log.close()


def test_words_are_coded_with_the_mouse_and_undone(browser: Any, served: Served) -> None:
    with served_at(served) as address:
        amina = Coder(browser, address, served.access.link)
        amina.document(KHAN)
        amina.page.wait_for_selector(".words span")
        a = amina.page.locator(".words span", has_text="delayed").first.bounding_box()
        b = amina.page.locator(".words span", has_text="months").first.bounding_box()
        amina.page.mouse.move(a["x"] + 1, a["y"] + a["height"] / 2)
        amina.page.mouse.down()
        amina.page.mouse.move(b["x"] + b["width"] - 1, b["y"] + b["height"] / 2, steps=5)
        amina.page.mouse.up()
        amina.page.wait_for_selector("#selected:not(.hint)")
        assert amina.text("#selected") == "delayed by many months"
        amina.code("ab", "1")
        assert {(d.theme, d.anchor.quote) for d in served.log.current() if d.anchor} == {
            ("GW", "delayed by many months"), ("FS", "delayed by many months"),
        }  # fmt: skip
        amina.page.locator(".stripe.mine").first.click()
        assert amina.text("#detail-quote") == "delayed by many months"
        amina.press_acted("2")
        amina.press_acted("z")
        amina.press_acted("z")
        assert served.log.current() == ()
        _coded_without_a_connection(amina, served)
        _asked_for_where_one_stops(amina)
        _sent_from_another_study(amina, served)
        amina.page.keyboard.press("v")
        amina.page.wait_for_url("**/document/**")  # nothing is proposed: the document is the one way to work
        amina.close()


def _coded_without_a_connection(amina: Coder, served: Served) -> None:
    """What is coded offline stands in the margin at once, is taken back there, and is sent later."""
    page = amina.page
    page.wait_for_selector(".stripe", state="detached")
    amina.context.set_offline(True)
    for letter in "ab":
        page.keyboard.press("j")
        page.keyboard.press("a")
        page.keyboard.press(letter)
        page.keyboard.press("1")
        page.wait_for_selector(f".stripe.waiting[title^={'GW' if letter == 'a' else 'FS'}]")
    page.wait_for_selector("#trouble:not([hidden])")
    assert [row.inner_text()[:2] for row in page.locator("#coded li").all()] == ["GW", "FS"]
    page.keyboard.press("z")
    page.wait_for_selector(".stripe.waiting[title^=FS]", state="detached")
    assert served.log.current() == ()
    turn = int(page.get_attribute("#main", "data-turn") or 0)
    amina.context.set_offline(False)
    page.wait_for_selector(f'#main[data-turn="{turn + 3}"]')
    assert page.locator(".stripe:not(.waiting)").count() == page.locator(".stripe").count() == 1
    assert [d.theme for d in served.log.current() if d.anchor] == ["GW"]
    amina.problems.clear()  # the browser's own word on the lost connection


def _sent_from_another_study(amina: Coder, served: Served) -> None:
    """What waited in the browser is sent from whatever study is open next, and is shown in its own alone."""
    page = amina.page
    page.route("**/act", lambda route: route.abort())
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.keyboard.press("c")
    page.keyboard.press("2")
    page.wait_for_selector(".stripe.waiting[title^=TI]")
    amina.document(NOOR)
    assert page.locator(".stripe").count() == 0
    page.unroute("**/act")
    page.wait_for_selector('#say:text("TI: with evidence")')
    assert page.locator(".stripe").count() == 0
    assert amina.text("#progress").startswith("0 places coded by you")
    assert [d.theme for d in served.log.current() if d.anchor] == ["GW", "TI"]
    amina.problems.clear()


def _asked_for_where_one_stops(amina: Coder) -> None:
    """A page that is scrolled past is not asked for: 300 of them would have to come before that on which one stops."""
    ask = """() => { const page = Pages.page(2), image = page.querySelector("img");
        for (const name of ["src", "srcset"]) image.removeAttribute(name);
        page.dataset.near = "1";
        Pages.fetchPage(page, Pages.holder.scrollTop + 2 * Pages.holder.clientHeight);
        return image.hasAttribute("src"); }"""
    assert amina.page.evaluate(ask) is False
    amina.page.wait_for_selector('.page[data-page="2"] img[src]')


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_new_page_has_a_serious_accessibility_fault(browser: Any, served: Served, scheme: Any) -> None:
    with served_at(served) as address:
        amina = Coder(browser, address, served.access.link, color_scheme=scheme)
        amina.document(KHAN)
        amina.page.keyboard.press("j")
        amina.code("ab", "2")
        amina.page.wait_for_selector(".stripe.mine")
        check_accessible(amina.page, "document")
        amina.page.keyboard.press("t")  # the same as flowing text
        amina.page.wait_for_selector("#flow .current .stripe.mine")
        check_accessible(amina.page, "text")
        assert amina.select(3).split() == amina.text("#flow .current").split()[:3]
        amina.code("c", "1")
        amina.page.keyboard.press("t")
        for key, opened in (("?", "#keys[open]"), ("a", "#chooser[open]"), ("m", "#memo[open]")):
            amina.page.keyboard.press("j")
            amina.page.keyboard.press(key)
            amina.page.wait_for_selector(opened)
            check_accessible(amina.page, opened)
            amina.page.keyboard.press("Escape")
        for path in ("/", "/codebook", "/memos", "/search?q=payments", f"/sheet/{KHAN}", f"/cell/{KHAN}/GW"):
            amina.page.goto(address + path)
            check_accessible(amina.page, path)
        amina.close()
