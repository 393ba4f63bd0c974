"""What an index answers, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from corpus.errors import PullError
from corpus.fetch.download import Fetcher
from corpus.json_table import JsonTable


def fetch_json(fetcher: Fetcher, url: str) -> JsonTable:
    """The JSON object at an address; an empty one where it is something else. PullError: there is no answer, or none
    in JSON."""
    download = fetcher.fetch(url, headers={"Accept": "application/json"})
    if download.path is None:
        raise PullError("unreachable", "the index says that nothing changed, but nothing is held")
    try:
        found = json.loads(download.path.read_bytes())
    except ValueError:
        raise PullError("unreachable", "the answer is not JSON") from None
    finally:
        download.path.unlink(missing_ok=True)
    return found if isinstance(found, Mapping) else {}
