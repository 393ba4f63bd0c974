"""The way of one PDF through a run: known? read, store, code, store, record. Each is asked once, here.

Whether it is known the run asks before it hands a PDF on (`execution`); what comes here has no record yet.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from dataclasses import replace

from corpus.errors import JaizaError
from corpus.retry import retry
from extract.document import Document
from pipeline.documents.document_record import CODED, DocumentRecord
from pipeline.documents.stages import Stages

_log = logging.getLogger(__name__)


def process_document(stages: Stages, sha256: str) -> DocumentRecord:
    """Read and code one PDF. What can't be read, and what Jaiza itself fails on, ends as a record that says so.

    JaizaError: trouble that is no fault of this PDF, for example a full disk.
    """
    began = time.time()
    try:
        record = retry(lambda: read_and_code(stages, sha256))
    except JaizaError:
        raise
    except Exception as error:  # whatever it is, the other documents go on
        _log.debug("%s failed", sha256, exc_info=True)
        record = stages.known.set_aside(sha256, f"{type(error).__name__}: {error}")
    return replace(record, began=began, worker=_name_worker())


def read_and_code(stages: Stages, sha256: str) -> DocumentRecord:
    """The record of a PDF, which is read and stored, coded and stored, and recorded now."""
    begun = time.monotonic()
    document, is_read_now = stages.extract(sha256)  # read, store
    read = time.monotonic()
    seconds = {"extract": read - begun}
    did = ("extract",) if is_read_now else ()
    if is_read_now and document.state in ("timed out", "too large"):
        return _give_up_reading(stages, document, seconds)
    record = _describe(document, did, seconds)
    if document.state in CODED:
        suggestions, is_coded_now = stages.suggest(document)  # code, store
        record = replace(
            record,
            suggestions=len(stages.shown(suggestions, calibrated=False).suggestions),
            model_id=suggestions.model_id,
            suggestion_bytes=stages.size_of_suggestions(suggestions),
            did=(*did, "suggest") if is_coded_now else did,
            seconds={**seconds, "suggest": time.monotonic() - read},
        )
    return stages.known.keep(replace(record, text_bytes=stages.size_of_text(document)))  # record


def _give_up_reading(stages: Stages, document: Document, seconds: dict[str, float]) -> DocumentRecord:
    """What stands for a PDF that ran into its limits; set aside, unless this machine had no process for it."""
    from extract.isolation.run_isolated import NOT_STARTED

    if document.note != NOT_STARTED:
        stages.known.set_aside(document.sha256, document.note, stage="extract", state=document.state)
    return _describe(document, ("extract",), seconds)


def _describe(document: Document, did: tuple[str, ...], seconds: dict[str, float]) -> DocumentRecord:
    return DocumentRecord(
        sha256=document.sha256,
        extractor=document.extractor,
        state=document.state,
        note=document.note,
        pages=len(document.pages),
        passages=len(document.passages),
        did=did,
        seconds=seconds,
    )


def _name_worker() -> str:
    """Who works here, for example "node7:4711 2": machine, process, and thread where there are several."""
    worker = f"{socket.gethostname()}:{os.getpid()}"
    thread = threading.current_thread().name.rpartition("_")[2]
    return f"{worker} {thread}" if thread.isdigit() else worker
