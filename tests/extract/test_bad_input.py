"""Strange files: each gets text or a named state within the limits, and a note that says what is wrong."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import matplotlib
import pytest
from PIL import Image
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

from extract.isolation.isolated_read import front_pages_isolated, read_isolated
from support.pdf_pages import PARAGRAPHS, Sheet

SHA = "b" * 64
SECONDS, MEMORY_MB = 240, 1024  # other tests may have the machine
LINES = simpleSplit(PARAGRAPHS[0], "Times-Roman", 11, 440)
URDU = (  # letters that the font of the test has
    "سماجی تحفظ کا پروگرام غریب خاندان کو رقم دیتا",
    "رجسٹر کی تجدید نو سال قبل کی گئی اور خاندان اس میں شامل",
)
CATALOG, ONE_PAGE = "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>"
FONT = "<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>"
Thing = str | tuple[str, bytes]  # an object as it stands in the file, or the entries and the bytes of a stream


def pdf(path: Path, things: Sequence[Thing], *, trailer: str = "") -> Path:
    """A PDF of `things`, numbered from 1, the first of them the catalog."""
    data, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, thing in enumerate(things, 1):
        offsets.append(len(data))
        if isinstance(thing, str):
            body = thing.encode()
        else:
            body = f"<<{thing[0]}/Length {len(thing[1])}>>\nstream\n".encode() + thing[1] + b"\nendstream"
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(data)
    data += f"xref\n0 {len(things) + 1}\n0000000000 65535 f \n".encode()
    data += "".join(f"{offset:010d} 00000 n \n" for offset in offsets).encode()
    ends = trailer.replace("HERE", str(start))
    data += f"trailer\n<</Size {len(things) + 1}/Root 1 0 R{ends}>>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(data)
    return path


def page(*, content: int, shows: int | None = None) -> str:
    """A page with the font in object 4, its content in object `content`, and /X in object `shows`."""
    thing = f"/XObject<</X {shows} 0 R>>" if shows else ""
    box = "/MediaBox[0 0 595 842]"
    return f"<</Type/Page/Parent 2 0 R{box}/Resources<</Font<</F1 4 0 R>>{thing}>>/Contents {content} 0 R>>"


def shown(*, size: float = 11, left: float = 72, top: float = 750) -> bytes:
    """A content stream that sets LINES one below the other."""
    lines = "".join("({}) Tj T*\n".format(line.replace("(", r"\(").replace(")", r"\)")) for line in LINES)
    return f"BT /F1 {size} Tf {size * 1.25} TL {left} {top} Td\n{lines}ET\n".encode()


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def image(path: Path) -> Path:
    Image.radial_gradient("L").save(path, "PNG")
    return path


def no_pages(path: Path) -> Path:
    return pdf(path, [CATALOG, "<</Type/Pages/Kids[]/Count 0>>"])


def many_pages(path: Path, count: int = 5000) -> Path:
    kids = " ".join(f"{number} 0 R" for number in range(6, 6 + count))
    short = b"BT /F1 11 Tf 72 600 Td (The fund is small and its rules are older than most of the families.) Tj ET"
    return pdf(
        path,
        [CATALOG, f"<</Type/Pages/Kids[{kids}]/Count {count}>>", FONT, FONT, ("", short), *[page(content=5)] * count],
    )


def million_glyphs(path: Path) -> Path:
    sets = 1_000_000 // sum(map(len, LINES)) + 1
    data = b"".join(shown(size=0.5, left=20 + n % 25 * 22, top=800 - n // 25 * 3) for n in range(sets))
    return pdf(path, [CATALOG, ONE_PAGE, page(content=5), FONT, ("/Filter/FlateDecode", zlib.compress(data))])


def one_point(path: Path) -> Path:
    return sized(path, 1)


def poster(path: Path) -> Path:
    return sized(path, 20_000)


def sized(path: Path, side: float) -> Path:
    sheet = Sheet(path, width=side, height=side)
    sheet.paragraph(PARAGRAPHS[0], side / 8, side / 8, width=side * 0.74, size=side / 54)
    sheet.page()
    sheet.save()
    return path


def right_to_left(path: Path) -> Path:
    registerFont(TTFont("DejaVu", str(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf")))
    sheet = Sheet(path)
    for number, line in enumerate(URDU * 8):
        sheet.line(line[::-1], 72, 90 + 20 * number, font="DejaVu", size=11)
    sheet.page()
    sheet.save()
    return path


def form(shows: int, data: bytes) -> Thing:
    resources = f"/Resources<</Font<</F1 4 0 R>>/XObject<</X {shows} 0 R>>>>"
    return f"/Type/XObject/Subtype/Form/BBox[0 0 595 842]{resources}", data


def recursive_form(path: Path) -> Path:
    """A form that shows itself."""
    content = ("", b"q /X Do Q\n" + shown())
    return pdf(path, [CATALOG, ONE_PAGE, page(content=5, shows=6), FONT, content, form(6, b"/X Do")])


def nested_forms(path: Path, depth: int = 30) -> Path:
    """Each form shows the next twice: 2 to the power of `depth` drawings, if all were done."""
    forms = [form(7 + number, b"/X Do /X Do") for number in range(depth)]
    content = ("", b"q /X Do Q\n" + shown())
    last = form(6, b"BT /F1 9 Tf 9 9 Td (deep) Tj ET")
    return pdf(path, [CATALOG, ONE_PAGE, page(content=5, shows=6), FONT, content, *forms, last])


def page_tree_loop(path: Path) -> Path:
    kids = "<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>"
    return pdf(path, [CATALOG, kids, page(content=5), FONT, ("", shown())])


def cross_reference_loop(path: Path) -> Path:
    """Its cross-reference table names itself as the one before it."""
    things = [CATALOG, ONE_PAGE, page(content=5), FONT, ("", shown())]
    return pdf(path, things, trailer="/Prev HERE")


def huge_image(path: Path) -> Path:
    """An image that says it has 10^10 pixels, in 12 bytes."""
    kind = "/Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceRGB"
    content = ("", b"q 500 0 0 500 40 40 cm /X Do Q")
    return pdf(path, [CATALOG, ONE_PAGE, page(content=5, shows=6), FONT, content, (kind, b"0123456789ab")])


def deflate_bomb(path: Path) -> Path:
    """A content stream of 400 MB of spaces in 400 KB."""
    packer = zlib.compressobj(1)
    spaces = b" " * (1 << 20)
    data = b"".join(packer.compress(spaces) for _ in range(400)) + packer.flush()
    return pdf(path, [CATALOG, ONE_PAGE, page(content=5), FONT, ("/Filter/FlateDecode", data)])


@pytest.mark.parametrize(
    ("make", "state", "note", "pages"),
    [
        (empty, "damaged", "the file is empty (0 bytes)", 0),
        (folder, "damaged", "it is a folder", 0),
        (image, "damaged", "not a PDF but a PNG image", 0),
        (no_pages, "damaged", "a PDF without any page", 0),
        (many_pages, "read", "", 5000),
        (one_point, "read", "", 1),
        (poster, "read", "", 1),
        (right_to_left, "read", "", 1),
        (recursive_form, "read", "", 1),
        (nested_forms, "too large", "MB of memory", 0),
        (page_tree_loop, "partial", "damaged: 1 of 2 pages could be read in full; page 2 is broken", 2),
        (cross_reference_loop, "read", "", 1),
        (huge_image, "no text layer", "it is a scan", 1),
        (deflate_bomb, "too large", "MB of memory", 0),
    ],
)
def test_a_strange_file_is_read_or_gets_a_state(tmp_path: Path, make, state: str, note: str, pages: int) -> None:
    path = make(tmp_path / "a.pdf")
    limit = 80 if state == "too large" else MEMORY_MB
    document = read_isolated(path, SHA, seconds=SECONDS, memory_mb=limit)
    assert (document.state, len(document.pages)) == (state, pages)
    assert note in document.note
    assert bool(document.text) == (state in ("read", "partial"))
    front = front_pages_isolated(path, seconds=SECONDS, memory_mb=limit)
    assert (front.state, front.pages) == ("read" if document.text else state, pages)


@pytest.mark.parametrize("make", [one_point, poster])
def test_a_page_of_any_size_gives_its_words(tmp_path: Path, make) -> None:
    document = read_isolated(make(tmp_path / "a.pdf"), SHA, seconds=SECONDS, memory_mb=MEMORY_MB)
    assert document.text.split() == " ".join(LINES).split()
    assert all(0 <= block.box.x0 <= block.box.x1 <= document.pages[0].width for block in document.blocks)


def test_a_page_of_a_million_glyphs_gives_all_of_them(tmp_path: Path) -> None:
    document = read_isolated(million_glyphs(tmp_path / "a.pdf"), SHA, seconds=SECONDS, memory_mb=MEMORY_MB)
    assert len(document.text) > 1_000_000


def test_lines_that_read_from_right_to_left_are_lines(tmp_path: Path) -> None:
    document = read_isolated(right_to_left(tmp_path / "a.pdf"), SHA, seconds=SECONDS, memory_mb=MEMORY_MB)
    lines = document.text.split("\n")
    assert [line for line in lines if line] == list(URDU * 8)
    assert {block.role for block in document.blocks} == {"body"}
