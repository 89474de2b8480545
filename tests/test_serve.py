"""The web server behind a port that is ours: taken early, never refused, and told plainly when taken."""

import http.client
import os
import signal
import socket
import threading
import time

import pytest

from app import serve
from app.serve import NotReady
from app.supervisor import Program, keep
from config import load

TINY = """
import os, time

def app(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        time.sleep(1)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else str(os.getppid()).encode()]
"""


@pytest.fixture
def settings():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return load({"XUESHI_PORT": str(port), "XUESHI_WORKERS": "1", "XUESHI_THREADS": "4"})


def get(settings, path="/"):
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def serve_tiny(settings, tmp_path, visit):
    """Serve the tiny application, let a visitor come once it answers, and stop when the visitor has gone."""
    (tmp_path / "tiny.py").write_text(TINY)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    seen = []

    def stay(program):
        try:
            seen.append(visit(program))
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    with serve.listen(settings) as door:
        program = Program(
            "web", serve.web(settings, "tiny:app", door.fileno()), environment, (door.fileno(),)
        )
        visitor = threading.Thread(target=stay, args=(program,))
        keep([program], works=lambda: serve.answers(settings), announce=visitor.start, tend=lambda: None)
        visitor.join()
    return seen[0]


def test_a_taken_port_is_said_before_anything_is_started(settings):
    with socket.create_server((settings.host, settings.port)), pytest.raises(NotReady) as refused:
        serve.listen(settings)

    assert f"127.0.0.1:{settings.port}" in str(refused.value)
    assert "PORT=8081" in str(refused.value)


def test_nobody_is_refused_while_a_killed_web_server_is_replaced(settings, tmp_path):
    def visit(program):
        first = get(settings)
        os.killpg(program.running.pid, signal.SIGKILL)
        return first, [get(settings) for _ in range(20)]

    first, later = serve_tiny(settings, tmp_path, visit)

    assert set(later) == {later[0]} != {first}


def test_a_request_that_is_being_answered_is_answered_before_the_end(settings, tmp_path):
    answers = []

    def visit(program):
        slow = threading.Thread(target=lambda: answers.append(get(settings, "/slow")))
        slow.start()
        time.sleep(0.3)
        return slow, program.running.pid

    slow, master = serve_tiny(settings, tmp_path, visit)
    slow.join()

    assert answers == [str(master)]


def test_the_port_is_free_again_afterwards(settings, tmp_path):
    assert serve_tiny(settings, tmp_path, lambda program: program.is_alive())

    serve.listen(settings).close()
