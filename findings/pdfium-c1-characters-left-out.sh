#!/usr/bin/env bash
# pypdfium2 5.15.2 (pdfium): producers exist whose ToUnicode tables give the codes of Windows-1252 as they are (U+0096 for
# an en dash). Such a character is counted by FPDFText_CountChars and told by FPDFText_GetUnicode, but left out of
# FPDFText_GetText: "12–15 per cent" is read as "1215 per cent", and indices into the text are off by one from there on.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pypdfium2==5.15.2 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON' > seen
import pypdfium2
import pypdfium2.raw as pdfium

text = b"BT /F 12 Tf 20 50 Td (12~15 per cent) Tj ET"
unicode = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
1 beginbfrange <20> <7D> <0020> endbfrange
1 beginbfchar <7E> <0096> endbfchar
endcmap end end"""
objects = [
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
    b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 6 0 R >>",
    b"<< /Length %d >>\nstream\n%s\nendstream" % (len(unicode), unicode),
]
data, places = b"%PDF-1.7\n", []
for number, body in enumerate(objects, 1):
    places.append(len(data))
    data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
start = len(data)
data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
data += b"".join(b"%010d 00000 n \n" % place for place in places)
data += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
page = pypdfium2.PdfDocument(data)[0].get_textpage()
print("characters counted:", page.count_chars())
print("text:", page.get_text_range())
print("third character: U+%04X" % pdfium.FPDFText_GetUnicode(page, 2))
PYTHON
cat seen
diff seen - <<'SEEN'
characters counted: 14
text: 1215 per cent
third character: U+0096
SEEN
