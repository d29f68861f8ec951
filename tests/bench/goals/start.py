"""Goal 12: from nothing to the first answer, beside django.setup() alone."""

import subprocess

from tests.bench import servers
from tests.bench.goals import Bench
from tests.bench.measuring import Row, interleaved, timed

SETUP = "import django; django.setup()"
FIRST = """
from alliance.wsgi import application
told = []
environ = {
    "REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
    "wsgi.input": open("/dev/null", "rb"), "wsgi.url_scheme": "http", "HTTP_HOST": "localhost",
}
body = b"".join(application(environ, lambda status, headers: told.append(status)))
assert told == ["200 OK"] and b"</html>" in body, (told, body[:500])
"""


def start(bench: Bench) -> list[Row]:
    """The front page, for it reads the most."""
    python = servers.production_python()
    found = interleaved(
        {
            "ours": timed(lambda: _run(bench, python, FIRST)),
            "setup": timed(lambda: _run(bench, python, SETUP)),
        },
        *bench.rounds_and_say,
    )
    what = "start and first answer, the front page"
    why = "The front page needs every address, its view and its templates; setup reads none."
    ours, theirs = found["ours"], found["setup"]
    return [Row("12", what, ours, theirs, "django.setup() alone", "<= 1.6", note=why)]


def _run(bench: Bench, python: str, program: str) -> None:
    env = servers.ours_env(bench.s1.address)
    subprocess.run([python, "-c", program], env=env, cwd=servers.ROOT, check=True)
