"""A start without Redis: a message is handed over whole, and a broken one stops nobody."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

from alliance.standalone import broker


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[broker.Channel]:
    options = {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
    }
    with Connection("folder://", transport_options=options) as connection:
        yield connection.default_channel


def test_a_message_arrives_as_it_was_sent(channel: broker.Channel) -> None:
    channel._put("celery", {"id": "1", "text": "é\n"})
    assert channel._get("celery") == {"id": "1", "text": "é\n"}
    with pytest.raises(Empty):
        channel._get("celery")


def test_a_message_that_is_still_being_written_is_not_taken(
    channel: broker.Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[object] = []

    def dumps(payload: Any) -> str:
        try:
            met.append(channel._get("celery"))
        except Empty:
            met.append(None)
        met.append([file.name for file in tmp_path.glob("*.msg")])
        return json.dumps(payload)

    monkeypatch.setattr(broker, "dumps", dumps)
    channel._put("celery", {"id": "1"})
    assert met == [None, []]
    assert channel._get("celery") == {"id": "1"}


@pytest.mark.parametrize("half", ["", '{"id": "1', "\x00"])
def test_a_broken_message_stops_no_worker(
    channel: broker.Channel, tmp_path: Path, half: str
) -> None:
    (tmp_path / "0_broken.celery.msg").write_text(half)
    channel._put("celery", {"id": "2"})
    with pytest.raises(Empty):
        channel._get("celery")
    assert channel._get("celery") == {"id": "2"}


def test_who_reads_a_table_waits_until_it_is_written(
    channel: broker.Channel, tmp_path: Path
) -> None:
    found: list[object] = []
    reader = threading.Thread(target=lambda: found.append(channel.get_table("celeryev")))
    table = tmp_path / "control" / "celeryev.exchange"
    with channel._alone():
        table.touch()  # as it is for a moment when the first process makes it
        reader.start()
        reader.join(0.2)
        table.write_text(json.dumps([["key", "", "queue"]]))
    reader.join()
    assert found == [[("key", "", "queue")]]
