"""Asks one world everything, in a process of its own, and compares the answers of two.

A process of its own, because what a process remembers of one world must not answer for the other;
and one transaction that is undone, so that a world may be asked again and again.
"""

import gzip
import os
import pickle
import re
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connections, transaction
from django.test import Client
from django.urls import Resolver404, resolve

from members.models import User
from tests.cast import sign_in
from tests.database import Database, used
from tests.worlds.probes import Probes
from tests.worlds.surface import FEW, PERSONS, Ask, asks

SECONDS = 500
MOST_LINKS = 1500
HOST = "testserver"
NEXT = re.compile(r'"next":"([^"]+)"')
Mine = Callable[[str], bool]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Answer:
    """What came back, without what is random by its nature."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class Difference:
    """One thing in which the worlds are not alike."""

    ask: str
    where: str
    first: str
    second: str

    def __str__(self) -> str:
        return f"{self.ask}\n  {self.where}: {self.first!r}\n  against: {self.second!r}"


def in_world(world: Database, work: Callable[[], Result]) -> Callable[[], Result]:
    """Begins `work` in a copy of this process that sees this database; call it for the result.

    Everything written to the database is undone. Raises what `work` raised, as text.
    """
    connections.close_all()
    taking, giving = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(taking)
        _be_the_child(world, work, giving)
    os.close(giving)
    return lambda: _result_of(child, taking)


def _be_the_child(world: Database, work: Callable[[], Any], giving: int) -> None:
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.alarm(SECONDS)
        with used(world), transaction.atomic():
            told = pickle.dumps((True, work()))
            transaction.set_rollback(True)
    except BaseException:
        told = pickle.dumps((False, traceback.format_exc()))
    with os.fdopen(giving, "wb") as pipe:
        pipe.write(told)
    os._exit(0)


def _result_of(child: int, taking: int) -> Any:
    with os.fdopen(taking, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    if not told:
        raise AssertionError(f"The process that asked one world ended without a word ({child}).")
    went_well, result = pickle.loads(told)
    if not went_well:
        raise AssertionError(result)
    return result


def answers(known: Probes, mine: Mine, *, follow: bool) -> dict[Ask, Answer]:
    """What this world answers at the addresses that are `mine`, and what their links ask."""
    clients = {who: _client(who) for who in PERSONS}
    found: dict[Ask, Answer] = {}

    def ask_all(questions: Iterable[Ask]) -> None:
        for one in questions:
            if one not in found:
                found[one] = _answer(clients[one.who], one)

    ask_all(one for one in asks(known) if mine(one.path))
    if follow:
        _follow_links(found, ask_all, mine)
    ask_all(again(found))
    return found


def _client(who: str) -> Client:
    client = Client(raise_request_exception=True)
    email = f"{who}@cast.example"
    person = AnonymousUser() if who == "visitor" else User.objects.get(email=email)
    return sign_in(client, person)


def _answer(client: Client, ask: Ask) -> Answer:
    headers = dict(ask.headers)
    client_ip = headers.pop("X-Client", "127.0.0.1")
    answer = client.generic(
        ask.method,
        ask.path,
        ask.body,
        "application/x-www-form-urlencoded",
        headers=headers,
        REMOTE_ADDR=client_ip,
    )
    body = answer.getvalue()
    is_packed = answer.headers.get("Content-Encoding") == "gzip"
    body = gzip.decompress(body) if is_packed else body
    # A token of a form, another one each time, makes a packed page some bytes longer or shorter.
    left_out = {"Expires", "Content-Length"} if is_packed and _RANDOM.search(body) else {"Expires"}
    kept = [(name, value) for name, value in answer.headers.items() if name not in left_out]
    kept += [("Set-Cookie", _cookie(morsel)) for morsel in answer.cookies.values()]
    if ask.who == "visitor":
        client.cookies.clear()
    return Answer(answer.status_code, tuple(sorted(kept)), _lasting(answer, body))


# What is random by its nature, or the second of asking (the header Expires of pages that are
# never kept). Everything else is compared as it is.

_RANDOM = re.compile(
    rb'(?<=name="csrfmiddlewaretoken" value=")[^"]+|'  # the token of a form
    rb"(?<=<code>)[A-Z2-7]{32}(?=</code>)|"  # a new key for an authenticator
    rb'(?<="challenge": ")[\w-]+'  # what a passkey is asked to sign
)


def _cookie(morsel: Any) -> str:
    """A cookie without its value and its end: a random token, and the time of asking."""
    return re.sub(r"=[^;]*|expires=[^;]*;", "", morsel.OutputString(), count=2)


def _lasting(answer: Any, body: bytes) -> bytes:
    """The body; that of a page without what is random in it."""
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return _RANDOM.sub(b"", body) if is_page else body


class _Links(HTMLParser):
    """The links and the forms of a page that only asks."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found = page, set[str]()
        self.form: str | None = None
        self.name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("a", "link") and "href" in given:
            self.add(given["href"])
        if tag == "form":
            asks = given.get("method", "get").lower() == "get"
            action = given.get("action") or self.page
            self.form = action if asks and "?" not in action else None
        if tag == "select":
            self.name = given.get("name", "")
        if tag == "option" and self.form is not None and self.name:
            self.add(f"{self.form}?{urlencode({self.name: given.get('value', '')})}")
        if tag == "input" and self.form is not None and given.get("name"):
            self.add(f"{self.form}?{urlencode({given['name']: given.get('value') or 'law'})}")
        for name in ("hx-get", "src"):
            if name in given:
                self.add(given[name])

    def add(self, href: str) -> None:
        address = urldefrag(urljoin(f"http://{HOST}{self.page}", href)).url
        parts = urlsplit(address)
        if parts.netloc in (HOST, urlsplit(settings.SITE_URL).netloc) and not parts.path.startswith(
            "/static/"
        ):
            self.found.add(parts.path + (f"?{parts.query}" if parts.query else ""))


def _follow_links(
    found: dict[Ask, Answer], ask_all: Callable[[Iterable[Ask]], None], mine: Mine
) -> None:
    """Asks for what the visitor's answers lead to, until nothing new is met.

    What leads to somebody else's part is asked when it carries parameters.
    """
    read: set[Ask] = set()
    before, met = len(found), Counter[str]()
    while fresh := [ask for ask in found if ask not in read and mine(ask.path)]:
        read.update(fresh)
        links = {link for ask in fresh for link in links_of(ask, found[ask])}
        links = {link for link in links if "?" in link or mine(link)}
        ask_all(Ask(path) for path in sorted(links) if _is_new(path, met))
        assert len(found) - before < MOST_LINKS, "Links without end: say which of them count."


def _is_new(path: str, met: Counter[str]) -> bool:
    """Is this one of the first few questions with these parameters to this kind of page?"""
    parts = urlsplit(path)
    kind = f"{_route(parts.path)}?{sorted(name for name, _ in parse_qsl(parts.query))}"
    met[kind] += 1
    return met[kind] <= FEW


def _route(path: str) -> str:
    try:
        return resolve(path).route
    except Resolver404:
        return path


def links_of(ask: Ask, answer: Answer) -> set[str]:
    """Where an answer to the visitor leads: its links and forms, and the next part of a list."""
    if ask.who != "visitor" or ask.method != "GET" or answer.status != 200:
        return set()
    links, kind = _Links(ask.path), dict(answer.headers)["Content-Type"]
    if kind.startswith("text/html"):
        links.feed(answer.body.decode())
    if kind.startswith("application/json"):
        for href in NEXT.findall(answer.body.decode()):
            links.add(href)
    return links.found


def again(found: dict[Ask, Answer]) -> list[Ask]:
    """An address of each kind once more: its headers alone, and with what a client may add."""
    asked, met = [], Counter[tuple[str, int]]()
    for ask, answer in found.items():
        if ask.who != "visitor" or ask.method != "GET" or "?" in ask.path:
            continue
        kind = _route(ask.path), answer.status
        met[kind] += 1
        if met[kind] > 1:
            continue
        kept = dict(answer.headers)
        conditions = {
            "If-None-Match": kept.get("ETag"),
            "If-Modified-Since": kept.get("Last-Modified"),
            "Accept-Encoding": "gzip",
            "HX-Request": "true" if kept.get("Content-Type", "").startswith("text/html") else None,
        }
        asked.append(Ask(ask.path, method="HEAD"))
        asked += [Ask(ask.path, headers=((n, v),)) for n, v in conditions.items() if v]
    return asked


def differences(first: dict[Ask, Answer], second: dict[Ask, Answer]) -> list[Difference]:
    """Everything in which two worlds answer differently, or are led to ask differently."""
    told = []
    for ask in sorted({*first, *second}):
        one, other = first.get(ask), second.get(ask)
        if one is None or other is None:
            told.append(Difference(str(ask), "asked", str(one is not None), str(other is not None)))
        elif one != other:
            told.append(_difference(ask, one, other))
    return told


def _difference(ask: Ask, one: Answer, other: Answer) -> Difference:
    if one.status != other.status:
        return Difference(str(ask), "status", str(one.status), str(other.status))
    if one.headers != other.headers:
        mine, theirs = set(one.headers) - set(other.headers), set(other.headers) - set(one.headers)
        return Difference(str(ask), "headers", str(sorted(mine)), str(sorted(theirs)))
    at = next(
        (n for n, pair in enumerate(zip(one.body, other.body, strict=False)) if pair[0] != pair[1]),
        min(len(one.body), len(other.body)),
    )
    part = slice(max(0, at - 60), at + 100)
    return Difference(str(ask), "body", _text(one.body[part]), _text(other.body[part]))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
