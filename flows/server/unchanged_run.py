"""A run that found nothing new, told to a Prefect server that is there anyway: two requests, Prefect not loaded."""

from __future__ import annotations

import base64
import json
import logging
import os
import urllib.request
from pathlib import Path
from typing import Any

from corpus.json_table import JsonObject
from flows.prefect_server import find_lasting_server

FLOW = "jaiza-extraction"
_log = logging.getLogger(__name__)
_SECONDS = 5.0


def tell_unchanged(home: Path, parameters: JsonObject, *, name: str, message: str) -> None:
    """Note a finished flow run where a lasting server serves this workspace, or PREFECT_API_URL names one.

    That it can't be told harms nothing: the run's own log has it.
    """
    url, secret = os.environ.get("PREFECT_API_URL", ""), os.environ.get("PREFECT_API_AUTH_STRING", "")
    if not url:
        served = find_lasting_server(home)
        if served is None:
            return
        url, secret = served.url, served.secret
    state = {"type": "COMPLETED", "name": name, "message": message}
    try:
        flow = _post(f"{url}/flows/", {"name": FLOW}, secret)
        _post(f"{url}/flow_runs/", {"flow_id": flow["id"], "parameters": parameters, "state": state}, secret)
    except (OSError, ValueError, KeyError, TypeError):
        _log.debug("the run without news could not be told to %s", url, exc_info=True)


def _post(url: str, content: JsonObject, secret: str) -> Any:
    headers = {"Content-Type": "application/json"}
    if secret:
        headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
    request = urllib.request.Request(url, json.dumps(content, default=str).encode(), headers)
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
        return json.loads(answer.read())
