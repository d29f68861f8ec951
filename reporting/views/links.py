"""How clauses are tied to others by the texts themselves: public page, writers and reviewers."""

from collections.abc import Collection
from typing import TypedDict

from django.db.models import Q

from commitments.models import Commitment, Lineage


class Ends(TypedDict):
    """The texts a clause is tied to: `out` named by it, `into` naming it or its text.

    Each end has kind, words and url.
    """

    out: list[dict[str, str]]
    into: list[dict[str, str]]


def links_of(clause: Commitment) -> Ends:
    """The texts that this clause is tied to. One query; select the clause with its statement."""
    return links_among([clause])[clause.reference]


def links_among(clauses: Collection[Commitment]) -> dict[str, Ends]:
    """What each of these clauses is tied to, by reference; one query, however many there are."""
    rows = _touching(clauses)
    return {clause.reference: _ends_of(clause, rows) for clause in clauses}


def _touching(clauses: Collection[Commitment]) -> list[Lineage]:
    statements = {clause.statement_id for clause in clauses}
    touching = Q(source_commitment__in=clauses) | Q(target_commitment__in=clauses)
    return list(
        Lineage.objects.filter(touching | Q(target_statement__in=statements)).select_related(
            "source_commitment", "source_statement", "target_commitment", "target_statement"
        )
    )


def _ends_of(clause: Commitment, rows: list[Lineage]) -> Ends:
    out = [_end(link, "target") for link in rows if link.source_commitment_id == clause.pk]
    into = [
        _end(link, "source")
        for link in rows
        if link.source_commitment_id != clause.pk
        and (
            link.target_commitment_id == clause.pk
            or link.target_statement_id == clause.statement_id
        )
    ]
    return {"out": out, "into": into}


def _end(link: Lineage, side: str) -> dict[str, str]:
    whole = getattr(link, f"{side}_statement")
    one = getattr(link, f"{side}_commitment")
    url = f"/statements/{whole.code}/" if whole else f"/commitments/{one.reference}/"
    return {"kind": link.get_kind_display(), "words": str(whole or one), "url": url}
