"""Yearly figures: a member tells one year, and publication shows what its reports carry."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Member, User

from .. import observations, questions
from ..models import Indicator, Observation, PublishedObservation, PublishedReport, Report, Version
from ..serializers import canonical_json
from .moving import record, today
from .writing import hold_open


class ObservationChanged(Exception):
    """Somebody told this year since `base_version`. Nothing was written.

    `mine` are the words by field, `theirs` is the observation as it stands.
    """

    def __init__(self, mine: dict[str, Any], theirs: Observation) -> None:
        super().__init__(f"version {theirs.version}")
        self.mine, self.theirs = mine, theirs


@transaction.atomic
def save_observation(
    report: Report,
    indicator: Indicator,
    year: int,
    *,
    said: Mapping[str, Any],
    base_version: int,
    by: User,
    at: dt.datetime,
) -> Observation:
    """The member's figure of a year after what was `said` became its next version.

    One conditional UPDATE decides, as for an answer; the same again is a success and adds
    nothing. It travels with the report's next submission. Raises ObservationChanged when somebody
    else saved meanwhile, WrongMoment when the report is not open, PermissionDenied for who does
    not write the answer itself, ValidationError by field.
    """
    if not questions.may_observe(by, report, indicator.commitment):
        raise PermissionDenied("save_observation: writes the answer of the clause")
    mine = observations.clean(said)
    hold_open(report)
    _asked(report, indicator, year, today(at))
    row, _new = Observation.objects.get_or_create(
        member=report.member, indicator=indicator, year=year
    )
    if row.version == base_version and row.said() == mine:
        return row
    facts = {**mine, "version": base_version + 1, "saved_at": at, "saved_by": by}
    rows = Observation.objects.filter(pk=row.pk, version=base_version)
    changed = rows.update(**facts)
    row.refresh_from_db()
    if changed:
        facts = {"indicator": indicator.code, "year": year, "version": row.version}
        record("observe", report, by=by, at=at, **facts, **mine)
    elif row.said() != mine:
        raise ObservationChanged(mine, row)
    return row


def _asked(report: Report, indicator: Indicator, year: int, on: dt.date) -> None:
    if indicator.commitment.reference not in {q.reference for q in questions.bare(report)}:
        raise ValidationError(_("This report does not ask about that clause."))
    if year not in observations.years(report.cycle, indicator, on):
        raise ValidationError({"year": _("This year cannot be told in this report.")})


def show_observations(member: Member, *, on: dt.date) -> None:
    """Shows the figures that the member's shown reports carry; the later round's word counts.

    Rows that say otherwise, or that no shown report carries any more, end on `on`; rows that say
    the same stay. So a withdrawal takes back what stood in that report alone.
    """
    Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=member.pk)
    wanted = _carried(member)
    starts: dict[tuple[str, int], dt.date] = {}
    for row in PublishedObservation.objects.filter(member=member.code):
        key = (row.indicator, row.year)
        if row.shown_until is None and wanted.get(key) == (row.value, row.synthetic):
            del wanted[key]
        elif row.shown_until is None:
            row.shown_until = max(on, row.shown_from)
            row.save(update_fields=["shown_until"])
        starts[key] = max(starts.get(key, on), row.shown_until or on)
    PublishedObservation.objects.bulk_create(
        _shown(member, *key, *facts, starts.get(key, on)) for key, facts in wanted.items()
    )


def _carried(member: Member) -> dict[tuple[str, int], tuple[int | None, bool]]:
    """By indicator and year: the value as it may be read, and whether it is synthetic."""
    found: dict[tuple[str, int], tuple[int | None, bool]] = {}
    for report in PublishedReport.objects.shown().filter(member=member.code).order_by("cycle"):
        version = Version.objects.get(
            report__cycle__code=report.cycle, report__member=member, number=report.version
        )
        for row in observations.public(version):
            key = (row["indicator"], row["year"])
            if row["state"] == Observation.State.VALUE:
                value = None if row["value"] in observations.SMALL else row["value"]
                found[key] = (value, report.synthetic)
            else:
                found.pop(key, None)
    return found


def _shown(
    member: Member,
    indicator: str,
    year: int,
    value: int | None,
    synthetic: bool,
    on: dt.date,
) -> PublishedObservation:
    key = {"indicator": indicator, "member": member.code, "year": year, "value": value}
    row = canonical_json({**key, "synthetic": synthetic})
    return PublishedObservation(**key, synthetic=synthetic, shown_from=on, row=row)
