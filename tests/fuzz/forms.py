"""The forms that stand on pages: where they lead, and what their fields hold."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class FoundForm:
    """A form of a page: its fields by name, each with the values that the page offers."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    boxes: set[str] = field(default_factory=set)  # ticked by whatever they hold
    buttons: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        return (self.method, self.action, tuple(sorted(self.fields)))


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[FoundForm] = []
        self.open: FoundForm | None = None
        self.name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._begin(given)
        elif self.open and tag == "option":
            self.open.fields.setdefault(self.name, []).append(given.get("value", ""))
        elif self.open and tag != "meta":
            self._take(self.open, tag, given)

    def _begin(self, given: dict[str, str]) -> None:
        method = given.get("method", "get").upper()
        self.open = FoundForm(given.get("action") or self.page, method)
        self.found.append(self.open)

    def _take(self, form: FoundForm, tag: str, given: dict[str, str]) -> None:
        if tag == "button" or given.get("type") == "submit":
            form.buttons.append(given.get("name", ""))
        if name := given.get("name"):
            self.name = name
            values = form.fields.setdefault(name, [])
            if given.get("type") == "checkbox":
                form.boxes.add(name)
            if tag != "select":
                values.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None


def forms(html: str, page: str) -> list[FoundForm]:
    """The forms of the page at this address, without the fields that carry tokens."""
    reader = _Reader(page)
    reader.feed(html)
    for one in reader.found:
        one.fields.pop("csrfmiddlewaretoken", None)
    return reader.found
