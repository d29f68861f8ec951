"""Someone tries the site on one machine and reads the mail it would have sent."""

import asyncio
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope
from django.test import Client
from pytest_django.fixtures import Settings

from alliance.standalone import mail as mail_catcher
from alliance.standalone.processes import dies_with_parent
from alliance.standalone.supervisor import listening_socket

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[int]:
    """The port of a running mail catcher that keeps its mail in `tmp_path`/mail."""
    with listening_socket() as listening:
        port, number = listening.getsockname()[1], listening.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", "alliance.standalone.mail", str(number), str(tmp_path / "mail")],
            cwd=ROOT,
            pass_fds=[number],
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )
    yield port
    process.terminate()
    assert process.wait(10) == 0


def mail(subject: str, text: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "secretariat@cast.example", "reader@cast.example"
    made["Subject"], made["Message-ID"] = subject, "<1@cast.example>"
    made.set_content(text)
    return made


@pytest.mark.django_db
def test_a_mail_is_kept_and_shown_as_plain_text(
    catcher: int, tmp_path: Path, client: Client, settings: Settings
) -> None:
    settings.DEMO, settings.STATE_DIR = True, tmp_path
    with smtplib.SMTP("127.0.0.1", catcher, timeout=10) as server:
        server.send_message(mail("Votre rapport, jusqu'à juillet", "<b>2 July</b>, noon UTC"))
    assert "Votre rapport, jusqu&#x27;à juillet" in client.get("/dev/mail/").content.decode()
    (kept,) = (tmp_path / "mail").glob("*.eml")
    shown = client.get(f"/dev/mail/{kept.stem}/").content.decode()
    assert "&lt;b&gt;2 July&lt;/b&gt;, noon UTC" in shown
    assert "&lt;1@cast.example&gt;" in shown


@pytest.mark.django_db
@pytest.mark.parametrize(("demo", "own_server"), [(False, False), (True, True)])
def test_nowhere_else(
    demo: bool, own_server: bool, tmp_path: Path, client: Client, settings: Settings
) -> None:
    settings.DEMO, settings.SMTP_GIVEN, settings.STATE_DIR = demo, own_server, tmp_path
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.eml").write_bytes(mail("Private", "text").as_bytes())
    assert client.get("/dev/mail/").status_code == 404
    assert client.get("/dev/mail/1/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["2", "..%2f..%2fsecret-key", ".", "1.eml"])
def test_no_other_file_is_shown(
    name: str, tmp_path: Path, client: Client, settings: Settings
) -> None:
    settings.DEMO, settings.STATE_DIR = True, tmp_path
    assert client.get(f"/dev/mail/{name}/").status_code in {400, 404}


def test_only_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_catcher, "KEPT", 2)
    keeper, envelope = mail_catcher.Keeper(tmp_path), Envelope()
    for number in range(4):
        envelope.content = f"{number}".encode()
        asyncio.run(keeper.handle_DATA(None, None, envelope))
        time.sleep(0.001)
    assert [path.read_text() for path in sorted(tmp_path.iterdir())] == ["2", "3"]
