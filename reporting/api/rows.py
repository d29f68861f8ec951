"""What the rows hold that this app serves, described for the schema."""

from typing import Any

from rest_framework import serializers

from commitments.models import Obligation
from commitments.serializers import WHY_MISSING
from members.models import Member

from ..models import Answer, Erratum
from ..summaries.columns import OUT_OF
from ..summaries.scopes import KINDS as SCOPES

COUNTS = "By kind of member, 0 where none of a kind is expected; null with the reason beside it."


def _missing() -> serializers.DictField:
    return serializers.DictField(child=serializers.CharField(), help_text=WHY_MISSING)


class CycleRow(serializers.Serializer):
    code = serializers.CharField()
    opens_on = serializers.DateField()
    due_on = serializers.DateField()
    closes_on = serializers.DateField()
    state = serializers.ChoiceField(
        choices=["not_collected", "planned", "open", "overdue", "closed"]
    )
    members = serializers.DictField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="Members of the alliance on the opening day that report for themselves.",
    )
    expected = serializers.DictField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="Of those, by kind, from whom a report is expected: the denominator of the rest.",
    )
    received = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text=COUNTS
    )
    on_time = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text=COUNTS
    )
    published = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text=COUNTS
    )
    voluntary = serializers.DictField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="Published reports of members from whom none was expected.",
    )
    reason = serializers.CharField(
        allow_null=True, help_text="Why figures are null: not_collected, not_yet_published."
    )
    synthetic = serializers.BooleanField()
    missing = _missing()


class ReportRow(serializers.Serializer):
    id = serializers.CharField(help_text="Cycle and member: 2026-ALB.")
    cycle = serializers.CharField()
    member = serializers.CharField()
    version = serializers.IntegerField()
    submitted_at = serializers.DateTimeField()
    published_on = serializers.DateField()
    timeliness = serializers.CharField(help_text="on_time, late, voluntary, excused, ...")
    sha256 = serializers.CharField(help_text="Digest of the submission as it was received.")
    synthetic = serializers.BooleanField()


class NamedMember(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class EvidenceRow(serializers.Serializer):
    title = serializers.CharField()
    url = serializers.CharField()


class ProgressRow(serializers.Serializer):
    report = serializers.CharField()
    cycle = serializers.CharField()
    member = NamedMember()
    commitment = serializers.CharField()
    statement = serializers.CharField()
    basis = serializers.ChoiceField(
        choices=Obligation.Basis.values,
        allow_null=True,
        help_text="What the answer was owed on. Null: nothing was expected; in no denominator.",
    )
    status = serializers.ChoiceField(choices=Answer.Status.values)
    narrative = serializers.CharField(allow_null=True)
    next_steps = serializers.CharField(allow_null=True)
    obstacles = serializers.CharField(allow_null=True)
    evidence = EvidenceRow(many=True)
    withheld = serializers.BooleanField(
        help_text="True where the member answered, and its words are not for everyone."
    )
    published_on = serializers.DateField()
    synthetic = serializers.BooleanField()
    missing = _missing()


class IndicatorRow(serializers.Serializer):
    indicator = serializers.CharField()
    title = serializers.CharField()
    commitment = serializers.CharField()
    unit = serializers.CharField()
    definition = serializers.CharField()


class ObservationRow(serializers.Serializer):
    indicator = serializers.CharField()
    member = serializers.CharField()
    year = serializers.IntegerField()
    value = serializers.IntegerField(allow_null=True, help_text="Null: fewer than 5.")
    synthetic = serializers.BooleanField()
    missing = _missing()


class VerdictRow(serializers.Serializer):
    indicator = serializers.CharField()
    member = serializers.CharField(allow_null=True, help_text="Always null: the alliance's.")
    year = serializers.IntegerField()
    value = serializers.IntegerField(allow_null=True)
    verdict = serializers.ChoiceField(choices=["met", "not_met", "cannot_tell"])
    reason = serializers.CharField(allow_null=True)
    arithmetic = serializers.CharField()
    members_counted = serializers.IntegerField(help_text="Members that the value sums up ...")
    members_observed = serializers.IntegerField(
        help_text="... out of those with any published observation."
    )
    synthetic = serializers.BooleanField()
    missing = _missing()


class FigureRow(serializers.Serializer):
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(allow_null=True)


def _figures(**facts: Any) -> serializers.DictField:
    """Figures by kind of member, then by name."""
    return serializers.DictField(child=serializers.DictField(child=FigureRow()), **facts)


class JudgedRow(serializers.Serializer):
    indicator = serializers.CharField()
    year = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=["met", "not_met", "cannot_tell"])
    reason = serializers.CharField(allow_null=True)
    arithmetic = serializers.CharField()
    value = serializers.IntegerField(allow_null=True)
    members_counted = serializers.IntegerField()
    members_observed = serializers.IntegerField()
    synthetic = serializers.BooleanField()


class SummaryRow(serializers.Serializer):
    scope = serializers.CharField(
        help_text="cycle-2026, statement-2012, commitment-2012-G1, theme-victims, region-Europe, "
        "group-EU, member-ALB."
    )
    cycle = serializers.CharField(
        allow_null=True, help_text="The round of `figures`: of the scope, or the newest announced."
    )
    built_at = serializers.DateTimeField()
    figures = _figures(help_text="By kind of member, then by name of the figure.")
    rounds = serializers.DictField(
        child=_figures(),
        help_text="The same of each round that has opened; of a round, and of the one before it.",
    )
    missed_by = serializers.ListField(
        child=serializers.CharField(),
        allow_null=True,
        help_text="Who gave no report by the end of the round, once that is announced.",
    )
    verdicts = JudgedRow(many=True, help_text="On numeric targets; always the alliance's.")
    synthetic = serializers.BooleanField()
    missing = _missing()


class SingleFigureRow(serializers.Serializer):
    scope = serializers.CharField(help_text="The summary that it stands in: commitment-2012-G1.")
    scope_kind = serializers.ChoiceField(choices=list(SCOPES))
    scope_code = serializers.CharField(help_text="What is summed up, by its code: 2012-G1.")
    cycle = serializers.CharField(help_text="The round.")
    kind = serializers.ChoiceField(choices=Member.Kind.values, help_text="The kind of member.")
    figure = serializers.CharField(help_text="What is counted: the code list figure.")
    by_endorsement = serializers.BooleanField(
        help_text="Of what is owed by endorsement alone (a reading of the 2015 text)."
    )
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    out_of = serializers.ChoiceField(
        choices=[code for code, _ in OUT_OF], help_text="What the denominator counts."
    )
    share = serializers.FloatField(
        allow_null=True, help_text="Numerator by denominator, rounded to six places; 1 is all."
    )
    built_at = serializers.DateTimeField(help_text="When the summary was first seen to say so.")
    synthetic = serializers.BooleanField()
    missing = _missing()


class ErratumRow(serializers.Serializer):
    number = serializers.IntegerField()
    published_on = serializers.DateField()
    what = serializers.CharField()
    published_in = serializers.CharField()
    dataset = serializers.ChoiceField(choices=Erratum.Dataset.values, allow_null=True)
    figure = serializers.CharField(allow_null=True, help_text="What is counted, of whom.")
    old_value = serializers.IntegerField(allow_null=True)
    old_denominator = serializers.IntegerField(allow_null=True)
    new_value = serializers.IntegerField(
        allow_null=True, help_text="Null: none, or withdrawn without another."
    )
    new_denominator = serializers.IntegerField(allow_null=True)
    wrong_since = serializers.DateField(allow_null=True)
    corrected_on = serializers.DateField()
    corrects = serializers.IntegerField(
        allow_null=True, help_text="The number of the entry that this one corrects."
    )
    synthetic = serializers.BooleanField()
    missing = _missing()
