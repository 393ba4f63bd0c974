"""Web pages on the way to a PDF: which link is the PDF, and what stands in the way."""

from __future__ import annotations

import pytest

from corpus.fetch.landing_page import MOST_LINKS, pdf_links, read_page

AT = "https://library.invalid/item/7"


@pytest.mark.parametrize(
    ("html", "links"),
    [
        ('<a href="/files/report.pdf">Read</a>', ["https://library.invalid/files/report.pdf"]),
        ("<A HREF=report.PDF>Read</A>", ["https://library.invalid/item/report.PDF"]),
        ('<a href="/get?id=7">Full report (PDF)</a>', ["https://library.invalid/get?id=7"]),
        ('<a href="/get?id=7"><img src="i.png" alt="PDF"></a>', ["https://library.invalid/get?id=7"]),
        ('<a href="/bitstream/1/2">Get it</a>', ["https://library.invalid/bitstream/1/2"]),
        ('<a href="/x"><b>Down</b>load</a>', ["https://library.invalid/x"]),
        ('<a title="Download" href="/x">now</a>', ["https://library.invalid/x"]),
        ('<iframe src="viewer.pdf#page=2"></iframe>', ["https://library.invalid/item/viewer.pdf"]),
        ('<object data="/o.pdf" type="application/pdf"></object>', ["https://library.invalid/o.pdf"]),
        ('<link rel="alternate" type="application/pdf" href="/l">', ["https://library.invalid/l"]),
        ('<base href="https://files.invalid/a/"><a href="b.pdf">x</a>', ["https://files.invalid/a/b.pdf"]),
        ('<a href="/x.pdf?a=1&amp;b=2">x</a>', ["https://library.invalid/x.pdf?a=1&b=2"]),
        ('<a href="/report.docx">Download</a>', []),
        ('<a href="mailto:a@b.invalid">PDF</a><a href="javascript:get()">PDF</a>', []),
        ('<a href="#pdf">PDF</a>', []),
        ('<!-- <a href="/old.pdf">x</a> --><script>"<a href=/s.pdf>"</script>', []),
        ('<a href="/about">About us</a>', []),
        ("<a href='http://[half/x.pdf'>x</a><![nonsense[ <a", []),
        ("", []),
    ],
)
def test_links_that_say_pdf_or_download_are_found(html: str, links: list[str]) -> None:
    assert list(pdf_links(read_page(html), AT)) == links


def test_the_most_probable_link_comes_first() -> None:
    page = read_page("""
        <a href="https://elsewhere.invalid/brochure.pdf">Brochure</a>
        <a href="/press">Download the press kit</a>
        <a href="/annual-report.pdf">Annual report</a>
        <a href="https://store.invalid/9f3">Grain Vouchers and Village Relief (PDF)</a>
        <meta name="citation_pdf_url" content="https://library.invalid/item/7/full">
        <a href="/annual-report.pdf">Annual report again</a>
    """)
    assert list(pdf_links(page, AT, title="Grain Vouchers and the Reform of Village Relief in Arvenia")) == [
        "https://library.invalid/item/7/full",
        "https://store.invalid/9f3",
        "https://library.invalid/annual-report.pdf",
        "https://library.invalid/press",
        "https://elsewhere.invalid/brochure.pdf",
    ]


@pytest.mark.parametrize(
    ("html", "barrier"),
    [
        ('<title>Welcome</title><form><input type="password"></form>', "a login page"),
        ("<title>Sign in to continue</title>", "a login page"),
        ("<title>Just a moment...</title>", "a page that checks for robots (captcha)"),
        ("<title>Before you go on: cookies</title>", "a page that asks for consent"),
        ("<title>Grain Vouchers</title><a href='/login'>Log in</a><a href='x.pdf'>PDF</a>", ""),
        ('<meta name="citation_pdf_url" content="/x.pdf"><input type="password">', ""),
    ],
)
def test_a_page_that_bars_the_way_is_named(html: str, barrier: str) -> None:
    assert read_page(html).barrier() == barrier


@pytest.mark.parametrize("junk", ["<", "<!--", "<a href=", "<![", "<script>", '<a b="', "&", "<a href=x.pdf>"])
def test_a_page_full_of_junk_is_read_to_its_end(junk: str) -> None:
    # html.parser needs minutes for some of these: the time a library takes must not grow with the square of the page.
    page = read_page('<a href="/good.pdf">x</a>' + junk * 20_000)
    assert pdf_links(page, AT)[0] == "https://library.invalid/good.pdf"


def test_of_a_page_with_very_many_links_the_first_are_looked_at() -> None:
    links = "".join(f'<a href="/files/{number}.pdf">PDF</a>' for number in range(MOST_LINKS + 50))
    page = read_page(f"<html><body>{links}<a href=/late.pdf>late</a></body></html>")
    assert len(page.links) == MOST_LINKS
    assert pdf_links(page, "https://host.example/")[0] == "https://host.example/files/0.pdf"
