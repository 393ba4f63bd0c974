"""PDFs of one page written object by object, for what no program of ours would write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def write_pdf(
    path: Path, content: bytes, *, fonts: str, objects: Sequence[bytes] = (), page: str = "", catalog: str = ""
) -> Path:
    """A page of 595 x 842 points with `content` as its stream; `objects` are numbered from 5 on.

    `fonts` are the entries of the page's fonts, `page` and `catalog` more entries of these two.
    """
    resources = f"<</Font<<{fonts}>>>>" if "/Resources" not in page else ""
    written = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        f"{'/Resources' + resources if resources else ''}{page}>>".encode(),
        b"<</Length %d>>stream\n" % len(content) + content + b"\nendstream",
        *objects,
    ]
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(written, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(written) + 1, len(out))
    path.write_bytes(out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(written) + 1) + table + end)
    return path
