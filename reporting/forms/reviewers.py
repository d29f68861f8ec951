"""Who of the secretariat reviews a report."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from members.models import Role, User

from ..models import Report


class ReviewerForm(forms.Form):
    """Whom an administrator gives the report to; nobody gives it back."""

    use_required_attribute = False

    to = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Reviewer"),
        required=False,
        empty_label=gettext_lazy("nobody yet"),
    )

    def __init__(self, report: Report, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_reviewer_%s", initial={"to": report.reviewer}, **kwargs)
        self.fields["to"].queryset = reviewers_for(report)  # type: ignore[attr-defined]


def reviewers_for(report: Report) -> QuerySet[User]:
    """The people who may review this report today, by name."""
    roles = Role.objects.in_force(timezone.now().date())
    own = roles.filter(member=report.member, kind__in=Role.OF_A_MEMBER)
    may = User.objects.filter(is_active=True, roles__in=roles.filter(kind=Role.Kind.REVIEWER))
    may = may.exclude(pk__in=[report.entered_by_id, *report.entered_before])
    return may.exclude(roles__in=own).distinct().order_by("name", "email")
