#!/usr/bin/env bash
# bibtexparser 2.1.0: an entry whose abstract has a line that begins with "@word{" is cut there, and the word is an entry
# of its own. BibTeX ends a value at its closing brace, whatever stands on the lines between.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bibtexparser==2.1.0 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON' 2>/dev/null > seen
import bibtexparser

ENTRY = "@article{a,\n  title = {One},\n  abstract = {Write to\n%s for more.},\n  year = {2003}\n}\n"
for line in ("us@home{x}", "@home{x}"):
    library = bibtexparser.parse_string(ENTRY % line)
    print(f"{line:<10}", [(entry.key, [field.key for field in entry.fields]) for entry in library.entries])
PYTHON
cat seen
diff seen - <<'SEEN'
us@home{x} [('a', ['title', 'abstract', 'year'])]
@home{x}   [('x', [])]
SEEN
