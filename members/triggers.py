"""Database triggers that several apps put beside their models."""

from typing import TypeVar

import pghistory
import pgtrigger
from django.db.models import Model

Kept = TypeVar("Kept", bound=type[Model])

_BUMP = (
    "INSERT INTO members_publicversion (id, number, changed_at) "
    "VALUES (1, 1, clock_timestamp()) ON CONFLICT (id) DO UPDATE SET "
    "number = members_publicversion.number + 1, changed_at = clock_timestamp(); "
    "RETURN NULL;"
)


def bumps_public_version() -> pgtrigger.Trigger:
    """A trigger that moves the public version stamp whenever a table that the public sees changes.

    The stamp is moved by the database and not by our code, so that no path can forget it.
    """
    return pgtrigger.Trigger(
        name="bumps_public_version",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func=_BUMP,
    )


def bumps_public_version_once(published: str) -> list[pgtrigger.Trigger]:
    """Triggers of a table whose rows are public only once the date `published` is set.

    What nobody may know yet must not show as a changed ETag either.
    """
    return [
        pgtrigger.Trigger(
            name=f"bumps_public_version_{side}",
            level=pgtrigger.Row,
            when=pgtrigger.After,
            operation=operation,
            condition=pgtrigger.Q(**{f"{side}__{published}__isnull": False}),
            func=_BUMP,
        )
        for side, operation in [
            ("new", pgtrigger.Insert | pgtrigger.Update),
            ("old", pgtrigger.Update | pgtrigger.Delete),
        ]
    ]


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse to change, delete or truncate rows of a table: history stays."""
    return [
        pgtrigger.Protect(name=f"{name}_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name=f"{name}_not_emptied",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'rows of this table stay';",
        ),
    ]


def counts_changes(*watched: str) -> pgtrigger.Trigger:
    """A trigger that adds one to a row's `sequence` whenever one of these columns changes.

    A calendar program takes a new day for an entry it holds only when the entry's SEQUENCE grew.
    """
    changed = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in watched)
    return pgtrigger.Trigger(
        name="counts_changes",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(changed),
        func="NEW.sequence = OLD.sequence + 1; RETURN NEW;",
    )


def keeps_history(model: Kept) -> Kept:
    """The model, each of whose rows is copied to `<Model>History` whenever it is written.

    Written by the database, so that no path is forgotten: pages, the registry's files, SQL by
    hand. Inside `pghistory.context` a copy says who did it. Nobody changes a copy.
    """
    kinds = [pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()]
    return pghistory.track(*kinds, append_only=True, model_name=f"{model.__name__}History")(model)


def ends_once(name: str) -> list[pgtrigger.Trigger]:
    """Triggers of dated rows with `ended_at` and `ended_by`: ended once, changed in no other way.

    Nothing is deleted or truncated.
    """
    return [
        pgtrigger.Protect(name=f"{name}_stays", operation=pgtrigger.Delete),
        pgtrigger.Trigger(
            name=f"{name}_ends_once",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            func=(
                "IF OLD.ended_at IS NOT NULL OR "
                "(to_jsonb(OLD) - 'ended_at'::text - 'ended_by_id'::text) IS DISTINCT FROM "
                "(to_jsonb(NEW) - 'ended_at'::text - 'ended_by_id'::text) THEN "
                "RAISE EXCEPTION 'such a row is ended once and stays'; END IF; RETURN NEW;"
            ),
        ),
        pgtrigger.Trigger(
            name=f"{name}_not_emptied",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'rows of this table stay';",
        ),
    ]
