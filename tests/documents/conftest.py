import pytest


@pytest.fixture
def sent(tmp_path):
    """Put bytes where an upload would lie, without a telling name, and return the path."""

    def put(content, name="upload"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return put
