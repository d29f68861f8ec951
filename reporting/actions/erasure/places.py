"""Where a text can stand in the database: every column that holds what people type.

They are found from the models, so that a new one is not forgotten; what is left out is named here
with its reason, and a test plants a word in all others.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models
from psycopg2 import sql

# Quotations and the register's own files: corrected there, with their source, and never erased.
OFFICIAL = (
    *("commitments_statement", "commitments_commitment", "commitments_passage"),
    *("commitments_correction.lead_in_before", "commitments_correction.text_before"),
    *("commitments_correction.lead_in", "commitments_correction.text"),
    "commitments_statementhistory",
    *("commitments_theme", "reporting_keptform", "reporting_indicator", "members_group"),
    *("members_name.text", "members_namehistory.text", "members_loadedrow"),
)
# Addresses that people sign in with and mail goes to: they go when contact data is removed.
ADDRESSES = (
    *("members_user.email", "account_emailaddress", "members_message.to"),
    *("reporting_reminder.recipient", "members_invitation.email"),
)
# What the application writes by itself: keys, hashes, states. Sessions are looked through apart.
MACHINE = (
    *("django_content_type", "auth_permission", "auth_group", "mfa_authenticator"),
    *("django_session", "account_emailconfirmation", "members_erasure", "members_heartbeat"),
    *("members_user.password", "members_user.time_zone", "members_invitation.secret_hash"),
    *(
        "members_calendarkey",
        "members_apitoken.secret_hash",
        "usersessions_usersession.session_key",
    ),
    *("members_event.chain", "members_event.about", "members_event.previous"),
    *("members_event.digest", "members_event.sealed", "members_message.about"),
    *(
        "reporting_version.sha256",
        "reporting_version.name_sha256",
        "reporting_printed",
        "reporting_summary.scope",
    ),
    *("reporting_sum", "reporting_publishedanswer.line", "members_message.calendar"),
)
KEY = 60  # a column for fewer characters than that holds a code
WORDS = "reporting_publishedanswer.words"  # the published text as searches compare it

Place = dict[str, Any]


def columns() -> Iterator[tuple[str, str]]:
    """Every table and column that can hold text, those left out by MACHINE excepted."""
    for model in apps.get_models(include_auto_created=True):
        table, managed = model._meta.db_table, model._meta.managed and not model._meta.proxy
        for field in model._meta.local_concrete_fields if managed else ():
            if _is_text(field) and not _among(MACHINE, table, field.column):
                yield table, field.column


def _is_text(field: Any) -> bool:
    if isinstance(field, models.TextField | models.JSONField):
        return field.name != "pgh_label"
    short = field.max_length is not None and field.max_length < KEY
    return isinstance(field, models.CharField) and not field.choices and not short


def _among(names: tuple[str, ...], table: str, column: str) -> bool:
    return table in names or f"{table}.{column}" in names


def is_kept(place: Place) -> bool:
    """Whether erasure leaves this place alone, so that a text which stands there is refused."""
    return _among((*OFFICIAL, *ADDRESSES), place["table"], place["column"])


def places_of(text: str, folded: str) -> list[Place]:
    """Where the text stands now, with the number of rows; one query for each table."""
    by_table: dict[str, list[str]] = {}
    for table, column in columns():
        by_table.setdefault(table, []).append(column)
    return [
        place for table in sorted(by_table) for place in _in(table, by_table[table], text, folded)
    ]


def _in(table: str, names: list[str], text: str, folded: str) -> Iterator[Place]:
    """A text in JSON is written with escapes; as PostgreSQL writes it, so do we."""
    wanted = sql.SQL(
        "count(*) FILTER (WHERE position({a} in {c}::text) > 0 OR position({b} in {c}::text) > 0)"
    )
    counts = []
    for name in names:
        plain, escaped = (text, escapes(text)) if f"{table}.{name}" != WORDS else (folded, folded)
        parts = {"a": sql.Literal(plain), "b": sql.Literal(escaped), "c": sql.Identifier(name)}
        counts.append(wanted.format(**parts))
    asked = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(counts), sql.Identifier(table))
    with connection.cursor() as cursor:
        cursor.execute(asked.as_string(cursor.connection))
        found = cursor.fetchone()
    for name, rows in zip(names, found, strict=True):
        folded_away = f"{table}.{name}" == WORDS and not folded
        if rows and not folded_away:
            yield {"table": table, "column": name, "rows": rows}


def escapes(text: str) -> str:
    """The text as it stands within a string of JSON."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_json(%s::text)::text", [text])
        return cursor.fetchone()[0][1:-1]
