"""Do passages stand where they say? `python -m bench.quotations FOLDER` prints the share of those that do.

The words of every passage are compared with the words inside its boxes, taken from the page anew; see
extract.views.quotation_check. A second figure tells how many of the others the reading itself knew of (`mixed`).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from extract.pdfium.open_document import UnreadableError
from extract.read import read_document
from extract.views.quotation_check import misplaced

_SHOWN = 3  # passages of a PDF


def main(paths: Sequence[Path]) -> None:
    """Print the passages that don't stand in their boxes, and the share of those that do."""
    passages = wrong = known = 0
    for path in paths:
        document = read_document(path, "0" * 64)
        try:
            found = misplaced(path, document)
        except UnreadableError:
            continue
        passages += sum(not passage.ocr for passage in document.passages)
        wrong += len(found)
        known += sum(one.passage.mixed for one in found)
        for one in found[:_SHOWN]:
            print(f"{path.name} p. {one.passage.page} {one.share:.3f}: {one.passage.text[:80]} | {one.inside[:80]}")
    share = (passages - wrong) / passages if passages else float("nan")
    print(
        f"{passages - wrong} of {passages} passages stand in their boxes ({share:.4f}); {known} of the others are known"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.quotations", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    main(sorted(parser.parse_args().folder.rglob("*.pdf")))
