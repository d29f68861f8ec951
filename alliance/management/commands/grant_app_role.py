"""The database role that web and worker use in production: it cannot change what has happened."""

import os
from argparse import ArgumentParser
from typing import Any

import pghistory.models
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg2 import sql

from members.models import Event

PASSWORD = "APP_ROLE_PASSWORD"  # noqa: S105  # the name of a variable


def event_tables() -> list[str]:
    """The tables of events and of the readable history: rows are only ever added to them."""
    kept = (Event, pghistory.models.Event)
    found = {model._meta.db_table for model in apps.get_models() if issubclass(model, kept)}
    return sorted(found)


class Command(BaseCommand):
    help = (
        "Gives a database role the rights that web and worker need: no UPDATE, DELETE or TRUNCATE "
        f"on tables of events, no TRUNCATE anywhere, no change of the schema. With {PASSWORD} set "
        "the role is made, or gets this password. Run as the owner, after each migration."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if found and found[0]:
                raise CommandError(f"{role} is a superuser, from whom nothing can be kept.")
            if password := os.environ.get(PASSWORD):
                verb = "ALTER" if found else "CREATE"
                self._run(cursor, verb + " ROLE {role} LOGIN PASSWORD {password}", role, password)
            elif not found:
                raise CommandError(f"There is no role {role}; set {PASSWORD} to have it made.")
            for statement in RIGHTS:
                self._run(cursor, statement, role)
            for table in event_tables():
                self._run(cursor, TAKEN, role, table=table)
        self.stdout.write(
            f"{role} may add to {', '.join(event_tables())}, and change nothing there."
        )

    def _run(
        self, cursor: Any, statement: str, role: str, password: str = "", table: str = ""
    ) -> None:
        names = {"role": sql.Identifier(role), "password": sql.Literal(password)}
        names["table"] = sql.Identifier(table or "none")
        composed = sql.SQL(statement).format(**names)
        cursor.execute(composed.as_string(cursor.connection))


# First all is taken, so that what an older version gave does not stay.
RIGHTS = [
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
    "REVOKE CREATE ON SCHEMA public FROM {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    # It asks for two administrators, and puts a mark in the place of a text (decisions/erasure.md).
    "GRANT EXECUTE ON FUNCTION erase_text(bigint, bigint, jsonb) TO {role}",
]
TAKEN = "REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}"
