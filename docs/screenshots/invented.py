"""Makes of a started site's database one with three invented members, for pictures of statuses.

No picture may show a status beside a named government. So all members but three are taken out of
this throw-away database, the three are called AAA, BBB and CCC, and answers are made up for them.
"""

import datetime as dt
import json
from itertools import cycle as again

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model

from commitments.models import Obligation, Position, Signature
from commitments.search import searchable
from members.models import GroupMember, Member, Name
from reporting.models import Cycle, PublishedAnswer, PublishedReport, Receipt

CODES = {"ALB": "AAA", "AUT": "BBB", "AUS": "CCC"}
ROUNDS = {"2022": dt.date(2022, 10, 3), "2024": dt.date(2024, 10, 7)}
ANSWERS = {
    "2022": ["planned", "in_progress", "not_started", "planned", "nothing_to_report"],
    "2024": ["implemented", "in_progress", "in_progress", "planned", "implemented", "not_started"],
}
TIMELY = {"AAA": "on_time", "BBB": "late", "CCC": "on_time"}
SAID = "[Synthetic] A made-up answer, so that this page can be shown. It says nothing of anyone."


@transaction.atomic
def invent() -> None:
    """Three members with reports of two rounds, and no others; the figures are built anew."""
    _leave_three()
    for code in CODES.values():
        member = Member.objects.get(code=code)
        for number, (round_, day) in enumerate(ROUNDS.items()):
            if (code, round_) != ("CCC", "2024"):  # silence keeps its place
                _report(member, round_, day, skip=number)
    for round_ in ROUNDS:
        announced = dt.date(int(round_) + 1, 1, 31)  # thirty days after the round has closed
        Cycle.objects.filter(code=round_).update(receipts_announced_on=announced)
        for code, timeliness in TIMELY.items():
            missed = (code, round_) == ("CCC", "2024")
            Receipt.objects.create(
                cycle=round_,
                member=code,
                kind="government",
                timeliness="missed" if missed else timeliness,
                received_on=None if missed else ROUNDS[round_],
                shown_from=ROUNDS[round_],
                synthetic=True,
            )


def build() -> None:
    """The summaries, as the night counts them."""
    call_command("build_summaries", whole=True, verbosity=0)


def _leave_three() -> None:
    others = Member.objects.exclude(code__in=CODES)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger, no reference
        for relation in Member._meta.related_objects:
            table: type[Model] = relation.related_model
            if table._meta.managed:  # obligations are a view of the others
                _delete(table, relation.field.column, others)
        for kept in (Position, GroupMember):
            _delete(kept, "member_id", Member.objects.filter(code__in=CODES))
        _delete(Member, "id", others)
        for old, new in CODES.items():
            _rename(Member.objects.get(code=old), new)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _delete(table: type[Model], column: str, members: object) -> None:
    keys = list(members.values_list("pk", flat=True))  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(
            f'DELETE FROM "{table._meta.db_table}" WHERE "{column}" = ANY(%s)',  # noqa: S608
            [keys],
        )


def _rename(member: Member, code: str) -> None:
    Member.objects.filter(pk=member.pk).update(code=code, note="")
    keep = Signature.objects.filter(member=member).values("name")
    Name.objects.filter(member=member, statement="").update(text=f"Member {code}")
    Name.objects.filter(pk__in=keep).update(text=f"Member {code}", source="invented")


def _report(member: Member, round_: str, day: dt.date, *, skip: int) -> None:
    facts = {"cycle": round_, "member": member.code, "kind": "government"}
    facts |= {"region": member.region, "shown_from": day, "synthetic": True}
    report = PublishedReport.objects.create(version=1, row="{}", **facts)
    owed = Obligation.objects.lines(Cycle.objects.get(code=round_).opens_on).filter(member=member)
    clauses = sorted(set(owed.values_list("commitment__reference", "statement__code")))
    statuses = again(ANSWERS[round_])
    for _ in range(sum(map(ord, member.code)) % 4 + skip):
        next(statuses)
    for (clause, statement), status in zip(clauses, statuses, strict=False):
        row = {"report": f"{round_}-{member.code}", "cycle": round_, "commitment": clause}
        row |= {"member": {"code": member.code, "name": f"Member {member.code}"}}
        row |= {"statement": statement, "status": status, "narrative": SAID, "evidence": []}
        row |= {"next_steps": "", "obstacles": "", "withheld": False, "synthetic": True}
        PublishedAnswer.objects.create(
            report=report,
            commitment=clause,
            statement=statement,
            status=status,
            row=json.dumps(row),
            line=clause,
            words=searchable(SAID),
            **facts,
        )
