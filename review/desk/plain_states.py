"""What the words of the record mean to somebody who looks at a page."""

from __future__ import annotations

PLAIN_STATES = {
    "cached": "there",
    "not pulled yet": "not fetched yet",
    "no URL known": "no address known",
    "pulled": "fetched",
    "attached": "given",
    "no text layer": "there, without a text layer",
}
