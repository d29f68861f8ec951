"""The public pages by address, and quick ways to read one and to publish a report."""

import datetime as dt
import json
import re

from django.test import Client

from commitments.models import Obligation
from commitments.search import searchable
from members.models import Member
from reporting.models import PublishedAnswer, PublishedReport

PAGES = {
    "/": "Who promised what",
    "/statements/": "Statements",
    "/statements/2014-GOV/": "2014-GOV, London, 2014",
    "/statements/2022/": "2022, Brussels, 2022",
    "/statements/2022-TF/": "2022-TF, Brussels, 2022",
    "/commitments/": "Commitments",
    "/commitments/2014-GOV-A4/": "2014-GOV-A4, ",
    "/commitments/2014-GOV-C3/": "2014-GOV-C3, ",
    "/commitments/2022-1a/": "2022-1a, ",
    "/members/": "Members",
    "/members/ALB/": "Albania",
    "/members/GB-EAW/": "England and Wales",
    "/matrix/": "Members and commitments",
    "/compare/": "Compare",
    "/compare/?first=ALB&second=BEL": "Compare",
    "/cycles/": "Rounds of reports",
    "/cycles/2026/": "Round of 2026",
    "/cycles/2014/": "Round of 2014",
    "/summaries/": "Summaries",
    "/search/": "Search",
    "/search/?q=police": "Search: police",
    "/about/": "About the data",
    "/data/": "Data",
    "/data/dictionary/": "Data dictionary",
    "/api/": "API",
    "/design/": "Design gallery",
}
STATUSES = ["implemented", "in_progress", "planned", "not_started"]


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def words(html: str) -> str:
    """What a reader reads: the markup taken out, white space made one."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def publish(
    code: str, cycle: str = "2024", narrative: str = "", on: dt.date = dt.date(2024, 8, 1)
) -> PublishedReport:
    """A published report of this member, on the first clauses that it owes."""
    member = Member.objects.get(code=code)
    facts = {"cycle": cycle, "member": code, "kind": member.kind, "region": member.region}
    facts |= {"shown_from": on, "synthetic": True}
    report = PublishedReport.objects.create(version=1, row="{}", **facts)
    owed = Obligation.objects.lines(dt.date(2024, 7, 1)).filter(member=member)
    clauses = owed.values_list("commitment__reference", "statement__code")
    for (clause, statement), status in zip(sorted(clauses), STATUSES, strict=False):
        row = {"report": f"{cycle}-{code}", "cycle": cycle, "member": {"code": code, "name": "-"}}
        row |= {"commitment": clause, "statement": statement, "status": status}
        row |= {
            "narrative": narrative or f"[Synthetic] Of {clause}.",
            "next_steps": "",
            "obstacles": "",
        }
        row |= {"evidence": [], "withheld": False, "synthetic": True}
        PublishedAnswer.objects.create(
            report=report,
            commitment=clause,
            statement=statement,
            status=status,
            row=json.dumps(row),
            line=clause,
            words=searchable(row["narrative"]),
            **facts,
        )
    return report
