"""What pages tell search engines of themselves, as JSON-LD of schema.org.

Texts and clauses are creative works and no legislation: what they hold are political
commitments, not legal ones. The data set describes itself in `downloads`.
"""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from commitments.models import Commitment, Statement
from members.models import Member

from ...models import Cycle, PublishedReport

ORGANISATION = "Secretariat of the alliance"
_AS_TEXT = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"}


def in_script(*told: dict[str, Any]) -> SafeString:
    """One or several things as JSON-LD, safe within a script element."""
    context = {"@context": "https://schema.org"}
    whole = context | (told[0] if len(told) == 1 else {"@graph": list(told)})
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    for sign, escape in _AS_TEXT.items():
        text = text.replace(sign, escape)
    return mark_safe(text)  # noqa: S308  no sign is left that HTML knows


def address(name: str, *codes: str) -> str:
    """The whole address of a public page."""
    return f"{settings.SITE_URL}{reverse(name, args=codes)}"


def organisation() -> dict[str, Any]:
    return {"@type": "Organization", "name": ORGANISATION, "url": address("about")}


def of_site() -> SafeString:
    """The register, who keeps it, and how it is searched."""
    found = f"{address('search')}?q={{words}}"
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": found},
        "query-input": "required name=words",
    }
    site = {"@type": "WebSite", "name": _("Commitment tracker"), "url": address("home")}
    return in_script(site | {"publisher": organisation(), "potentialAction": search})


def of_statement(text: Statement) -> SafeString:
    """A text as published, and where its page stands."""
    return in_script(_text(text), _crumbs(*_to_statement(text)))


def of_clause(clause: Commitment) -> SafeString:
    """A clause in its own words, the text that it is of, and where its page stands."""
    work = {
        "@type": "CreativeWork",
        "name": clause.reference,
        "identifier": clause.reference,
        "url": address("commitment", clause.reference),
        "inLanguage": "en",
        "text": clause.text,
        "isPartOf": _text(clause.statement),
    }
    parent = [clause.parent.reference] if clause.parent else []
    places = [(code, "commitment") for code in [*parent, clause.reference]]
    here = [(code, address(name, code)) for code, name in places]
    return in_script(work, _crumbs(*_to_statement(clause.statement), *here))


def of_member(member: Member) -> SafeString:
    """Where the page of a member stands. Of the member itself nothing is told here."""
    list_ = (_("Members"), address("members"))
    return in_script(_crumbs(list_, (member.code, address("member", member.code))))


def of_report(report: PublishedReport) -> SafeString:
    """A published report, and where its page stands."""
    code = f"{report.cycle}-{report.member}"
    work = {
        "@type": "Report",
        "name": code,
        "identifier": code,
        "reportNumber": code,
        "url": address("published-report", code),
        "inLanguage": report.language,
        "version": report.version,
        "datePublished": report.shown_from.isoformat(),
        "publisher": organisation(),
    }
    steps = [(_("Members"), address("members")), (report.member, address("member", report.member))]
    return in_script(work, _crumbs(*steps, (code, address("published-report", code))))


def of_round(cycle: Cycle) -> SafeString:
    """Where the page of a round stands."""
    list_ = (_("Rounds"), address("cycles"))
    return in_script(_crumbs(list_, (cycle.code, address("cycle", cycle.code))))


def _text(text: Statement) -> dict[str, Any]:
    return {
        "@type": "CreativeWork",
        "name": text.title,
        "identifier": text.code,
        "url": address("statement", text.code),
        "inLanguage": "en",
        "datePublished": text.adopted_on.isoformat(),
        "locationCreated": {"@type": "Place", "name": text.place},
    }


def _to_statement(text: Statement) -> list[tuple[str, str]]:
    return [(_("Statements"), address("statements")), (text.code, address("statement", text.code))]


def _crumbs(*steps: tuple[str, str]) -> dict[str, Any]:
    """The way to a page, as it stands on the page."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": item}
            for n, (name, item) in enumerate(steps, 1)
        ],
    }
