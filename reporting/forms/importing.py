"""The rows that the secretariat can import: one form a kind, one field a column."""

import codecs
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.models import Statement
from members.forms.records import Day, Line
from members.languages import joined
from members.models import Member, Role, TreatyFact
from members.registry_files import MEMBER_CODE
from members.text import normalise
from members.views.names import suggestions

from .. import languages, words
from ..workbooks import Refused, table_as_csv

MOST_ROWS = 1000
ZIPPED = b"PK\x03\x04"  # how a workbook begins, and no text does
# Stands for what cannot be carried. At the beginning of a cell, the reason may follow it.
LOST = "\ufffd"
_UNCARRIED = re.compile("[\0\ud800-\udfff]")  # no form brings these back as they are
LARGEST = 400_000  # characters; a thousand rows of the widest kind need half of it


class MemberCode(forms.ModelChoiceField):
    """A member by its code. For a name, the error says whom it may mean; nothing is guessed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Member.objects.all(), to_field_name="code", **kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            told = joined(f"{one.member} ({one.name})" for one in suggestions(str(value))[:3])
            words = {"value": str(value)[:60], "told": told}
            if told:
                said = _("“%(value)s” is no member's code. It may mean: %(told)s.") % words
            else:
                said = _("“%(value)s” is no member's code.") % words
            raise ValidationError(said) from None


class MemberRow(forms.Form):
    """A member as the file of members has it; a code that is not there yet is a new member."""

    code = forms.RegexField(rf"^{MEMBER_CODE}$", max_length=12)
    kind = forms.ChoiceField(choices=Member.Kind.choices)
    region = forms.ChoiceField(choices=[("", ""), *Member.Region.choices], required=False)
    region_source = Line("", most=40, required=False)
    part_of = MemberCode(required=False)
    reports_through = MemberCode(required=False)
    joined_on = Day("", required=False)
    joined_source = Line("", required=False)
    left_on = Day("", required=False)
    left_source = Line("", required=False)
    note = forms.CharField(max_length=5000, required=False)
    name = Line("", most=200)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for day in ("joined", "left"):
            if found.get(f"{day}_on") and not found.get(f"{day}_source"):
                self.add_error(f"{day}_source", _("Say what gives this day."))
        return found


class SignatureRow(forms.Form):
    """A name under a statement."""

    member = MemberCode()
    statement = forms.ModelChoiceField(
        Statement.objects.filter(binding="signature"), to_field_name="code"
    )
    name_as_printed = Line("", most=200)
    signed_on = Day("")
    source = Line("", most=200)
    withdrawn_on = Day("", required=False)
    withdrawal_source = Line("", most=200, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("withdrawn_on") and not found.get("withdrawal_source"):
            self.add_error("withdrawal_source", _("Say what gives this day."))
        return found


class TreatyRow(forms.Form):
    """A stage that a government member has reached with the Lanzarote Convention."""

    member = MemberCode()
    stage = forms.ChoiceField(choices=TreatyFact.Stage.choices)
    on = Day("")
    source = Line("")


class ReportRow(forms.Form):
    """A report of an earlier round that exists at another place."""

    member = MemberCode()
    year = forms.IntegerField(min_value=2012, max_value=2199)
    title = Line("", most=words.TITLE_LIMIT)
    url = Line("", most=words.URL_LIMIT)
    language = forms.ChoiceField(choices=languages.choices)
    source = Line("")


class ContactRow(forms.Form):
    """Somebody who is to act for a member, and is invited."""

    member = MemberCode()
    email = forms.EmailField()
    role = forms.ChoiceField(choices=[(k.value, k.label) for k in Role.OF_A_MEMBER])
    nominated_by = Line("", most=200, required=False)
    nominated_on = Day("", required=False)
    nomination = Line("", most=200, required=False)


class Rows(forms.CharField):
    """The rows as they were typed: what cannot be kept of them is told by row and column."""

    def to_python(self, value: Any) -> str:
        return _carried(super().to_python(value))


class ImportForm(forms.Form):
    """What to import: a file, or its rows as text. `seen` is the digest of rows tried before."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=gettext_lazy("What the rows are"))
    file = forms.FileField(
        label=gettext_lazy("CSV or XLSX file"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy(
            "UTF-8, up to 1,000 rows; commas, semicolons or tabs between the cells. "
            "It is read once and not kept."
        ),
    )
    rows = Rows(
        label=gettext_lazy("or the rows as text, the names of the columns first"),
        required=False,
        strip=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "ltr", "spellcheck": "false"}),
    )
    apart = forms.BooleanField(
        label=gettext_lazy("These are other members, and no new records of the same"),
        required=False,
    )
    seen = forms.CharField(label="seen", required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean_seen(self) -> str:
        return normalise(self.cleaned_data["seen"])

    def clean_file(self) -> str:
        """The text of the file, read here and thrown away."""
        sent = self.cleaned_data["file"]
        if not sent:
            return ""
        if sent.size > LARGEST:
            raise ValidationError(_("The file is larger than %(n)d bytes.") % {"n": LARGEST})
        data = sent.read()
        if data.startswith(ZIPPED):
            return self._of_workbook(data)
        return _carried(_decoded(data))

    def _of_workbook(self, data: bytes) -> str:
        """The first sheet as rows of text; from here on it is as if they had been typed."""
        try:
            text = table_as_csv(data, most_rows=MOST_ROWS + 2, lost=LOST)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal
        if len(text) > LARGEST:
            raise ValidationError(_("The file is larger than %(n)d bytes.") % {"n": LARGEST})
        return _carried(text)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        text = found.get("file") or found.get("rows") or ""
        # As a browser gives back what it was shown: other ends of lines, none at either end.
        found["text"] = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        if not found["text"].strip() and not self.errors:
            self.add_error("file", _("Choose a file, or put its rows into the field below."))
        return found


def _carried(text: str) -> str:
    """The text with a mark for each character that a page could not give back."""
    return _UNCARRIED.sub(LOST, text)


def _decoded(data: bytes) -> str:
    """The text of a file; a byte that is none is marked in its cell, for its row to be told.

    Raises ValidationError where the names of the columns cannot be read: it is no such file.
    """
    coded = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    text = data.decode(coded, errors="replace")
    if LOST in text.partition("\n")[0]:
        raise ValidationError(_("This file is no text in UTF-8. Save it as CSV UTF-8."))
    return text
