"""Every test that the threat model names is there, and the list of packages is what the lock says."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bench.audit import LOCK, Pinned, bill_of_materials, known_faults, main, pinned_packages

ROOT = Path(__file__).parent.parent.parent
FAULTY = Pinned("faulty", "1.0")


def test_every_test_that_the_threat_model_names_is_there() -> None:
    told = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+)`", told)
    assert len(named) > 20
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    assert [name for name in named if f"def {name}(" not in code] == []
    assert all((ROOT / path).is_file() for path in re.findall(r"`(tests/\S+\.py)`", told))


@pytest.fixture
def database() -> Iterator[str]:
    """Answers as OSV does: a result for each question, in their order."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            results = [{"vulns": [{"id": "X-1"}]} if one["package"]["name"] == "faulty" else {} for one in asked]
            body = json.dumps({"results": results}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/querybatch"
    server.shutdown()
    server.server_close()


def test_packages_with_known_faults_are_named(database: str) -> None:
    assert known_faults([Pinned("sound", "2.0"), FAULTY], database) == {"faulty==1.0": ["X-1"]}


def test_the_bill_of_materials_has_every_package_of_the_lock(
    tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    packages = pinned_packages(LOCK.read_text(encoding="utf-8"))
    assert {"prefect", "pdfplumber", "scikit-learn", "spacy", "pandas"} <= {one.name for one in packages}
    assert main(["--sbom", str(tmp_path / "sbom.json"), "--database", database]) == 0
    written = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    assert len(written["components"]) == len(packages)
    assert written == bill_of_materials(packages)
    assert "known faults: 0" in capsys.readouterr().out


def test_a_database_that_can_not_be_asked_is_said_to_know_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--sbom", str(tmp_path / "sbom.json"), "--database", "http://127.0.0.1:9/nothing"]) == 2
    assert "nothing is known about faults" in capsys.readouterr().err


def test_nothing_that_is_shipped_has_a_licence_that_would_bind_its_users() -> None:
    strict = re.compile(r"\bA?GPL", re.IGNORECASE)
    packages = pinned_packages(LOCK.read_text(encoding="utf-8"))
    assert [one for one in packages if strict.search(one.licence) and "LGPL" not in one.licence] == []
