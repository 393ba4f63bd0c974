"""What ended a review server is on record."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from review.serving.server_log import NAME, end_recorded


def _log(folder: Path) -> str:
    return (folder / NAME).read_text(encoding="utf-8")


def test_a_server_that_ended_says_so_and_the_next_has_nothing_to_tell(tmp_path: Path) -> None:
    with end_recorded(tmp_path):
        pass
    assert _log(tmp_path).splitlines()[-1].endswith("ended")
    with end_recorded(tmp_path) as told:
        assert told == ""


def test_what_brought_it_down_is_written_with_its_traceback(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), end_recorded(tmp_path):
        print(1 / 0)
    assert "ended by ZeroDivisionError" in _log(tmp_path)
    assert "print(1 / 0)" in _log(tmp_path)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_exception_in_a_thread_is_written_and_ends_nothing(tmp_path: Path) -> None:
    with end_recorded(tmp_path):
        thread = threading.Thread(target=lambda: 1 / 0, name="warming")
        thread.start()
        thread.join()
    assert "exception in the thread warming" in _log(tmp_path)
    assert _log(tmp_path).splitlines()[-1].endswith("ended")


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")
def test_a_signal_is_written_down(tmp_path: Path) -> None:
    with pytest.raises(SystemExit), end_recorded(tmp_path):
        os.kill(os.getpid(), signal.SIGHUP)
    assert "got the signal SIGHUP" in _log(tmp_path)


def test_a_server_that_was_killed_outright_is_told_of_by_the_next(tmp_path: Path) -> None:
    code = "from pathlib import Path; from review.serving.server_log import end_recorded; import os, signal\n"
    code += f"with end_recorded(Path({str(tmp_path)!r})): os.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", code], check=False)
    with end_recorded(tmp_path) as told:
        assert "ended without a word" in told
