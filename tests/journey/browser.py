"""A browser without a screen or scripts: it follows links, keeps cookies and fills in forms."""

from __future__ import annotations

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class Forms(HTMLParser):
    """Reads the forms of a page with the values that a browser would send untouched.

    Those of the page itself, then those around it that stand on every page.
    """

    def __init__(self) -> None:
        super().__init__()
        self.own: list[Form] = []
        self.around: list[Form] = []
        self._in_main = False
        self._form: Form | None = None
        self._textarea = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._in_main = True
        if tag == "form":
            self._form = Form(a.get("action", ""), a.get("method", "get").lower())
            (self.own if self._in_main else self.around).append(self._form)
        if self._form is None:
            return
        values = self._form.fields
        if tag == "input" and a.get("name"):
            ticked = a.get("type") not in ("radio", "checkbox") or "checked" in a
            if ticked and a.get("type") not in ("submit", "button", "file"):
                values.setdefault(a["name"], []).append(a.get("value", ""))
        elif tag == "textarea" and a.get("name"):
            self._textarea = a["name"]
            values[self._textarea] = [""]
        elif tag == "select" and a.get("name"):
            self._select = a["name"]
        elif tag == "option" and self._select and ("selected" in a or self._select not in values):
            values[self._select] = [a.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "main":
            self._in_main = False
        elif tag == "textarea":
            self._textarea = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._textarea and self._form is not None:
            self._form.fields[self._textarea][0] += data


class Browser:
    """One person's browser. After each step: `status`, `url`, `text` and `forms` of the page."""

    def __init__(self, site: str) -> None:
        self.site = site
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        self.status, self.url, self.text = 0, site, ""

    def open(self, path: str, data: bytes | None = None) -> Browser:
        """Opens a path or address of the site and follows its redirects."""
        request = urllib.request.Request(
            urllib.parse.urljoin(self.url, path), data, {"Referer": self.url}
        )
        try:
            answer = self._opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            self.status, self.url = answer.status, answer.url
            self.text = answer.read().decode()
        return self

    @property
    def forms(self) -> list[Form]:
        reader = Forms()
        reader.feed(self.text)
        return reader.own + reader.around

    def submit(self, action: str = "", **typed: str | list[str]) -> Browser:
        """Sends the first form whose address holds `action`, with these fields filled in."""
        path = urllib.parse.urlparse(self.url).path
        form = next(
            f
            for f in self.forms
            if f.method == "post" and action in (f.action or path) and set(typed) <= self._names(f)
        )
        filled = form.fields | {k: v if isinstance(v, list) else [v] for k, v in typed.items()}
        return self.open(form.action or path, urllib.parse.urlencode(filled, doseq=True).encode())

    def _names(self, form: Form) -> set[str]:
        # Radio buttons without a tick stand in no field: any name the page holds will do.
        return {*form.fields, *_names_in(self.text)}


def _names_in(text: str) -> set[str]:
    names: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if name := dict(attrs).get("name"):
                names.add(name)

    Reader().feed(text)
    return names
