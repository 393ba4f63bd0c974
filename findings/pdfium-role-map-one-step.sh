#!/usr/bin/env bash
# pypdfium2 5.15.2 (pdfium): FPDF_StructElement_GetType follows the role map of a tagged PDF one step only. Where a
# producer maps its own type to another of its own and that to H1 (ISO 32000-2, 14.7.3 lets it), the heading is told as a
# type that no standard knows; one that is mapped directly is told right.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pypdfium2==5.15.2 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON' > seen
import ctypes

import pypdfium2
import pypdfium2.raw as pdfium

text = b"/Title <</MCID 0>> BDC BT /F 12 Tf 20 50 Td (One) Tj ET EMC /Head <</MCID 1>> BDC BT /F 12 Tf 20 20 Td (Two) Tj ET EMC"
objects = [
    b"<< /Type /Catalog /Pages 2 0 R /MarkInfo << /Marked true >> /StructTreeRoot 6 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R /StructParents 0"
    b" /Resources << /Font << /F 5 0 R >> >> >>",
    b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    b"<< /Type /StructTreeRoot /K [7 0 R 8 0 R] /ParentTree 9 0 R /RoleMap << /Title /Head /Head /H1 >> >>",
    b"<< /Type /StructElem /S /Title /P 6 0 R /Pg 3 0 R /K 0 >>",
    b"<< /Type /StructElem /S /Head /P 6 0 R /Pg 3 0 R /K 1 >>",
    b"<< /Nums [0 [7 0 R 8 0 R]] >>",
]
data, places = b"%PDF-1.7\n", []
for number, body in enumerate(objects, 1):
    places.append(len(data))
    data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
start = len(data)
data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
data += b"".join(b"%010d 00000 n \n" % place for place in places)
data += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
document = pypdfium2.PdfDocument(data)
page = document[0]
tree = pdfium.FPDF_StructTree_GetForPage(page)
for at, name in enumerate(("Title -> Head -> H1", "Head -> H1")):
    element = pdfium.FPDF_StructTree_GetChildAtIndex(tree, at)
    buffer = ctypes.create_string_buffer(64)
    length = pdfium.FPDF_StructElement_GetType(element, buffer, 64)
    print(f"{name}: told as {buffer.raw[: length - 2].decode('utf-16-le')}")
pdfium.FPDF_StructTree_Close(tree)
PYTHON
cat seen
diff seen - <<'SEEN'
Title -> Head -> H1: told as Head
Head -> H1: told as H1
SEEN
