#!/usr/bin/env bash
# pypdfium2 5.15.2 (pdfium): where the descriptor of an embedded font has no FontWeight (it need not), what
# FPDFText_GetFontWeight tells is computed from StemV: five times StemV below 140, four times StemV plus 140 from there
# on. A regular font with sturdy stems is "700", a font that is called Bold is whatever its stems say.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  pypdfium2==5.15.2 reportlab==4.4.4 pypdf==6.1.1 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON' > seen
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import reportlab
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, NumberObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

pdfmetrics.registerFont(TTFont("Sans", Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"))
canvas = Canvas("plain.pdf", pagesize=(200, 100))
canvas.setFont("Sans", 12)
canvas.drawString(20, 50, "Word")
canvas.save()
for name, stem in (("Sample", 80), ("Sample-Bold", 80), ("Sample", 139), ("Sample", 140)):
    writer = PdfWriter(clone_from=PdfReader("plain.pdf"))
    for item in writer._objects:
        if isinstance(item, dict) and item.get("/Type") == "/FontDescriptor":
            item[NameObject("/StemV")] = NumberObject(stem)
            item.pop("/FontWeight", None)
            item[NameObject("/FontName")] = NameObject(f"/ABCDEF+{name}")
    writer.write("one.pdf")
    page = pypdfium2.PdfDocument("one.pdf")[0].get_textpage()
    print(f"{name}, StemV {stem}: {pdfium.FPDFText_GetFontWeight(page, 0)}")
PYTHON
cat seen
diff seen - <<'SEEN'
Sample, StemV 80: 400
Sample-Bold, StemV 80: 400
Sample, StemV 139: 695
Sample, StemV 140: 700
SEEN
