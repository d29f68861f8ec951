"""How a clause is tied to others by the texts themselves, for the public page and the writers'."""

from django.db.models import Q

from commitments.models import Commitment, Lineage


def links_of(clause: Commitment) -> dict[str, list[dict[str, str]]]:
    """The texts that this clause is tied to: `out` named by it, `into` naming it or its text.

    Each end has kind, words and url. One query; select the clause with its statement.
    """
    touching = Q(source_commitment=clause) | Q(target_commitment=clause)
    touching |= Q(source_statement=clause.statement) | Q(target_statement=clause.statement)
    rows = Lineage.objects.filter(touching).select_related(
        "source_commitment", "source_statement", "target_commitment", "target_statement"
    )
    out: list[dict[str, str]] = []
    into: list[dict[str, str]] = []
    for link in rows:
        if link.source_commitment_id == clause.pk:
            out.append(_end(link, "target"))
        elif link.target_commitment_id == clause.pk or (
            link.target_statement_id == clause.statement_id
        ):
            into.append(_end(link, "source"))
    return {"out": out, "into": into}


def _end(link: Lineage, side: str) -> dict[str, str]:
    whole = getattr(link, f"{side}_statement")
    one = getattr(link, f"{side}_commitment")
    url = f"/statements/{whole.code}/" if whole else f"/commitments/{one.reference}/"
    return {"kind": link.get_kind_display(), "words": str(whole or one), "url": url}
