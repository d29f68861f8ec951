"""The secretariat's list of people as a file; the list itself stands with their accounts."""

from collections.abc import Iterator
from typing import Any

import orjson
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from members import rules
from members.access import access
from members.asking import asking
from members.forms.finding import FindForm
from members.views.people import rows_of, with_roles

from ...tables.columns import Column
from .files import as_file

COLUMNS = [
    Column("name", _("Name")),
    Column("email", _("Address")),
    Column("roles", _("Roles today")),
    Column("letters", _("Letter of nomination")),
    Column("members", _("Members")),
    Column("may_sign_in", _("May sign in"), type="boolean"),
    Column("mail_refused", _("Mail to this address could not be delivered"), type="boolean"),
    Column("language", _("Language")),
    Column("since", _("Since")),
    Column("last_sign_in", _("Last sign-in")),
    Column("synthetic", _("Synthetic"), type="boolean"),
]


@access(rules.in_secretariat)
@require_safe
@asking(FindForm)
def people_file(request: HttpRequest, form: FindForm, ending: str) -> HttpResponseBase:
    """All the people asked for, with their roles of today."""
    rows = rows_of(with_roles(form))
    invented = any(row["person"].is_demonstration for row in rows)
    return as_file("people", ending, _lines(rows), COLUMNS, synthetic=invented)


def _lines(rows: list[dict[str, Any]]) -> Iterator[bytes]:
    for row in rows:
        one = row["person"]
        yield orjson.dumps(
            {
                "name": one.name,
                "email": one.email,
                "roles": "; ".join(row["roles"]),
                "letters": "; ".join(row["letters"]),
                "members": " ".join(sorted({r.member.code for r in one.held if r.member})),
                "may_sign_in": one.is_active,
                "mail_refused": row["refused"],
                "language": one.language,
                "since": f"{one.joined_at:%Y-%m-%d}",
                "last_sign_in": f"{one.last_login:%Y-%m-%d}" if one.last_login else "",
                "synthetic": one.is_demonstration,
            }
        )
