"""What `jaiza pull` found of the paper's sources, into the handbook: `python -m docs.make_paper_sources WORKSPACE`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from corpus.clock import now
from corpus.workspace import open_workspace
from docs.generator.paper_sources import CHECKED
from docs.make_reference import main as make_reference
from pipeline.outcomes import load_outcomes


def main(folder: str) -> None:
    """Keep the states of the last pull with today's date, and make the pages anew."""
    found = {one.source_id: one.state for one in load_outcomes(open_workspace(Path(folder)))}
    if not found:
        raise SystemExit(f"nothing was pulled in {folder} yet: jaiza pull -w {folder}")
    kept = {"checked": now()[:10], "states": found}
    CHECKED.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    make_reference()


if __name__ == "__main__":
    main(sys.argv[1])
