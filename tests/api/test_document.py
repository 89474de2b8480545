"""The interface describes itself, and holds what it describes for whatever fits its document or does not."""

import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO

import pytest
from werkzeug.serving import make_server

from app.api import ENDPOINTS
from app.database import clock
from tests.api.program import Program


def test_the_document_is_open_and_names_every_endpoint(visit):
    told = visit().get("/api/v1/openapi.json")
    assert told.status_code == 200
    assert told.json["openapi"] == "3.1.0"
    assert sorted(told.json["paths"]) == sorted(each.path for each in ENDPOINTS)
    assert told.json["security"] == [{"signature": []}]


def test_every_endpoint_has_a_route_that_asks_for_a_signature(web):
    needs = web.extensions["xueshi_access"]
    assert {needs[f"programs.{each.name}"].signed for each in ENDPOINTS} == {True}


SIGN = "please sign"


class Signing:
    """Stands before the application and signs what asks for it, as the program would."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def __call__(self, environ, start_response):
        if environ.get("HTTP_AUTHORIZATION") == SIGN:
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            environ["HTTP_AUTHORIZATION"] = self.program.signed(environ["PATH_INFO"], body)
        return self.program.web(environ, start_response)


@contextmanager
def served(application):
    """Its address, as long as the block lasts."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.long
def test_it_holds_what_its_document_says(let_in, tmp_path):
    program, _client = let_in(
        quota=1_000_000,
        for_appraisal=True,
        for_appointment=True,
        valid_until=clock.today() + timedelta(days=1),
    )
    with served(Signing(program)) as address:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/v1/openapi.json"),
                *("--max-examples", "100", "--seed", "6", "--no-color"),
                *("--header", f"Authorization: {SIGN}"),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
            cwd=tmp_path,
        )
    assert done.returncode == 0, done.stdout[-6000:]
