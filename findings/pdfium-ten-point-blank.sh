#!/usr/bin/env bash
# pypdfium2 5.15.2 (pdfium): where a row of figures is drawn piece by piece in Helvetica, .17 of the size apart, the text
# has a blank between the pieces at 9, 9.9, 10.1 and 11 points, and none at exactly 10 points: three numbers become one.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pypdfium2==5.15.2 reportlab==4.4.4 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON' > seen
import pypdfium2
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

sizes = (9, 9.9, 10, 10.1, 11)
canvas = Canvas("row.pdf", pagesize=(300, 200))
for at, size in enumerate(sizes):
    canvas.setFont("Helvetica", size)
    x = 20.0
    for piece in ("1,234", "5,678", "9,012"):
        canvas.drawString(x, 170 - 25 * at, piece)
        x += stringWidth(piece, "Helvetica", size) + 0.17 * size
canvas.save()
text = pypdfium2.PdfDocument("row.pdf")[0].get_textpage().get_text_range()
for size, line in zip(sizes, text.splitlines(), strict=True):
    print(f"{size:>4} points: {line}")
PYTHON
cat seen
diff seen - <<'SEEN'
   9 points: 1,234 5,678 9,012
 9.9 points: 1,234 5,678 9,012
  10 points: 1,2345,6789,012
10.1 points: 1,234 5,678 9,012
  11 points: 1,234 5,678 9,012
SEEN
