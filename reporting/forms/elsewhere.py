"""What the secretariat types of a report that exists at another place."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.records import SOURCE, Line, RecordForm
from members.models import Member

from .. import languages, words
from ..models import ReportElsewhere


class LinkReportForm(RecordForm):
    title = Line(_("Title"), most=words.TITLE_LIMIT, help_text=_("As the report calls itself."))
    year = forms.IntegerField(
        label=_("Year"),
        min_value=2012,
        max_value=2199,
        help_text=_("That of its round, where it is of one."),
    )
    url = Line(
        _("Link"),
        most=words.URL_LIMIT,
        help_text=_("A public page about it that begins with https://. We never open it."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=languages.choices, initial="en")
    source = Line(_("Source"), help_text=SOURCE)


class LinkOfMember(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.year}: {obj.title}"


class StrikeLinkForm(RecordForm):
    link = LinkOfMember(ReportElsewhere.objects.none(), label=_("What was wrong"))

    def about(self, member: Member) -> None:
        self.fields["link"].queryset = member.reports_elsewhere.all()  # type: ignore[attr-defined]
