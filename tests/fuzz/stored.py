"""What stands in the database, so that two looks at it can be compared."""

from django.db import connection

# A session lives and attempts are counted whoever comes; a worker says that it is alive.
NO_MATTER = ("django_session", "cache", "members_heartbeat")


def everything() -> dict[str, str]:
    """The number of rows and a digest of their contents, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace = 'public'::regnamespace AND NOT relname = ANY(%s)",
            [list(NO_MATTER)],
        )
        tables = sorted(name for (name,) in cursor.fetchall())
        return {table: _digest(cursor, table) for table in tables}


def _digest(cursor: object, table: str) -> str:
    each = f'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t'
    cursor.execute(each)  # type: ignore[attr-defined]
    return "{} {}".format(*cursor.fetchone())  # type: ignore[attr-defined]
