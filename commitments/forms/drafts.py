"""What the secretariat types about a draft: its facts and text, each part, and the names."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.forms.records import Day, Line
from members.languages import joined
from members.models import Member
from members.text import normalise

from .. import deadlines, parting
from ..actions import codes
from ..models import Commitment, Draft, DraftName, DraftPart, Statement, Theme
from ..models.meetings import EARLIEST, LATEST

TEXT_LIMIT, PART_LIMIT = 200_000, 20_000
NO_CHOICE = [("", "–")]
DUE = ("due_on", "due_precision", "due_modality")


class Quoted(forms.CharField):
    """Words as they are printed: normalised, and nothing else."""

    def __init__(self, label: Any, *, rows: int, most: int = PART_LIMIT, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
        super().__init__(label=label, max_length=most, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        return normalise(super().to_python(value))


class DayOfOurs(Day):
    """A day within these centuries; a year outside of them is a slip of the pen."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and not EARLIEST <= day <= LATEST:
            raise ValidationError(_("Enter a valid date."))
        return day


class Versioned(forms.Form):
    """A form about something that several may edit. `version` is that which its writer saw."""

    use_required_attribute = False
    version = forms.IntegerField(
        label="version", min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    def said(self) -> dict[str, Any]:
        """What was typed, as fields of the model."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class DraftForm(Versioned):
    """The facts and the text. Those in `NEEDED` may wait, but not for publication."""

    NEEDED = ("place", "adopted_on", "source", "text")
    code = Line(
        gettext_lazy("Code"),
        most=12,
        help_text=gettext_lazy("The year, and letters where a year has several: 2026 or 2026-GOV."),
    )
    title = Line(gettext_lazy("Title"), help_text=gettext_lazy("As the text prints it."))
    place = Line(gettext_lazy("Place"), most=60, required=False)
    adopted_on = DayOfOurs(gettext_lazy("Adopted on"), required=False)
    act_as_printed = Line(
        gettext_lazy("Act as printed"),
        most=100,
        required=False,
        help_text=gettext_lazy("The words over the names, such as “Agreed by”."),
    )
    binding = forms.ChoiceField(label=gettext_lazy("Binds"), choices=Draft.Binding.choices)
    source = Line(
        gettext_lazy("Source"),
        required=False,
        help_text=gettext_lazy("Where the text was read: a page or a paper. We never open a link."),
    )
    text = Quoted(
        gettext_lazy("Text"),
        rows=16,
        most=TEXT_LIMIT,
        required=False,
        help_text=gettext_lazy("All of it, as printed, with an empty line between paragraphs."),
    )

    @classmethod
    def initial_of(cls, draft: Draft) -> dict[str, Any]:
        return {name: getattr(draft, name) for name in cls.base_fields if name != "version"}


def clean_due(form: forms.Form, said: dict[str, Any]) -> None:
    """A deadline is given whole or not at all, and its day is the last that the text means."""
    due = said.get("due_on")
    for name in DUE[1:] if "due_on" not in form.errors else ():
        if bool(due) != bool(said.get(name)) and name not in form.errors:
            form.add_error(name, _("This goes with the day: both are given, or neither."))
    if due and said.get("due_precision"):
        said["due_on"] = deadlines.last_day(due, said["due_precision"])


class PartForm(Versioned):
    """One part. What is asked of clauses alone is empty in all others."""

    what = forms.ChoiceField(label=gettext_lazy("What it is"), choices=DraftPart.What.choices)
    text = Quoted(
        gettext_lazy("Its words"),
        rows=6,
        help_text=gettext_lazy("Exactly as they stand in the text, without the number."),
    )
    note = Line(
        gettext_lazy("Note"),
        required=False,
        help_text=gettext_lazy("An oddity of the print, shown beside it."),
    )
    number = Line(
        gettext_lazy("Number"),
        most=4,
        required=False,
        help_text=gettext_lazy("What follows the code in its reference: 1, A2 or 3b."),
    )
    under = forms.ChoiceField(label=gettext_lazy("Stands under the clause"), required=False)
    section = Line(gettext_lazy("Section"), most=80, required=False)
    title = Line(
        gettext_lazy("Short title"),
        most=80,
        required=False,
        help_text=gettext_lazy("Our own words, for lists and forms."),
    )
    lead_in = Quoted(
        gettext_lazy("Opening words"),
        rows=2,
        required=False,
        help_text=gettext_lazy("Words of the text without which the clause means nothing."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[*NO_CHOICE, *Commitment.Kind.choices], required=False
    )
    duty = forms.ChoiceField(
        label=gettext_lazy("Duty"), choices=[*NO_CHOICE, *Commitment.Duty.choices], required=False
    )
    applies_to = forms.ChoiceField(
        label=gettext_lazy("Whom it binds"), choices=DraftPart.AppliesTo.choices, required=False
    )
    verified_by = forms.ChoiceField(label=gettext_lazy("Judged by"), required=False)
    due_on = DayOfOurs(
        gettext_lazy("Due"),
        required=False,
        help_text=gettext_lazy("For a month or a year give any day in it: its last day counts."),
    )
    due_precision = forms.ChoiceField(
        label=gettext_lazy("How exact the text is"),
        choices=[*NO_CHOICE, *Commitment.Precision.choices],
        required=False,
    )
    due_modality = forms.ChoiceField(
        label=gettext_lazy("How firm the text is"),
        choices=[*NO_CHOICE, *Commitment.Modality.choices],
        required=False,
    )
    every_months = forms.IntegerField(
        label=gettext_lazy("Again every so many months"),
        min_value=1,
        max_value=600,
        required=False,
    )
    themes = forms.MultipleChoiceField(
        label=gettext_lazy("Themes"), widget=forms.CheckboxSelectMultiple, required=False
    )
    refers_to = Line(
        gettext_lazy("Refers to"),
        required=False,
        help_text=gettext_lazy("Codes of clauses or statements that its words name."),
    )

    OF_ALL = ("what", "text", "note")
    NEEDED = ("number", "section", "title", "kind", "duty")
    # Those that follow the application's own dates or figures are written with it, not here.
    JUDGED = (Commitment.VerifiedBy.SELF_REPORT, Commitment.VerifiedBy.SECRETARIAT)

    def __init__(self, *args: Any, part: DraftPart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part = part
        others = part.draft.parts.filter(what=DraftPart.What.CLAUSE).exclude(pk=part.pk)
        self.others = [one for one in others if one.number]
        before = [one for one in self.others if one.position < part.position]
        self._choose("under", [*NO_CHOICE, *((one.number, one.number) for one in before)])
        judged = [(one.value, one.label) for one in self.JUDGED]
        self._choose("verified_by", [*NO_CHOICE, *judged])
        self._choose("themes", list(Theme.objects.values_list("code", "label")))

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, part: DraftPart) -> dict[str, Any]:
        found = {name: getattr(part, name) for name in cls.base_fields if name != "version"}
        return found | {"themes": codes(part.themes)}

    def clean_text(self) -> str:
        return self._quoted("text")

    def clean_lead_in(self) -> str:
        return self._quoted("lead_in")

    def clean_refers_to(self) -> str:
        wanted = codes(self.cleaned_data["refers_to"])
        own = {one.reference for one in self.others} | {self.part.draft.code}
        known = own | set(Commitment.objects.values_list("reference", flat=True))
        known |= set(Statement.objects.values_list("code", flat=True))
        if unknown := [code for code in wanted if code not in known]:
            told = _("It refers to %(code)s, which is not in the register.")
            raise ValidationError(told % {"code": joined(unknown)})
        return ", ".join(wanted)

    def clean_themes(self) -> str:
        return ", ".join(self.cleaned_data["themes"])

    def _quoted(self, name: str) -> str:
        words: str = self.cleaned_data[name]
        if words and not parting.stands_in(words, self.part.draft.text):
            raise ValidationError(_("These words do not stand in the text, letter by letter."))
        return words

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("what") != DraftPart.What.CLAUSE:
            empty = {n: None if n in ("due_on", "every_months") else "" for n in self.base_fields}
            kept = {name: said[name] for name in ("version", *self.OF_ALL) if name in said}
            return empty | kept
        for name in self.NEEDED:
            if name not in self.errors and not said.get(name):
                self.add_error(name, _("A clause needs this."))
        self._clean_clause(said)
        clean_due(self, said)
        return said

    def _clean_clause(self, said: dict[str, Any]) -> None:
        if said.get("number") in {one.number for one in self.others}:
            self.add_error("number", _("Another clause has this number."))
        everyone = self.part.draft.binding == Draft.Binding.MEMBERSHIP
        if said.get("applies_to") == DraftPart.AppliesTo.GOVERNMENT and not everyone:
            told = _("Only a text that binds every member can have clauses for governments alone.")
            self.add_error("applies_to", told)


class PrintedForm(Versioned):
    """Names to be added, one a line."""

    printed = Quoted(
        gettext_lazy("Names as printed, one a line"),
        rows=8,
        help_text=gettext_lazy("A quotation: exactly as they are printed, and never corrected."),
    )

    def clean_printed(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["printed"].split("\n")]
        names = [line for line in lines if line]
        if long := [name for name in names if len(name) > 200]:
            raise ValidationError(_("This is too long for a name: %(name)s") % {"name": long[0]})
        return names


class SettleForm(Versioned):
    """Whom each name means: a suggestion, or another member's code; or it is left out, and why.

    `suggested` holds the codes that are suggested and what is said of each, by the name's key;
    `text` is that of the draft.
    """

    def __init__(
        self,
        *args: Any,
        names: list[DraftName],
        suggested: Mapping[int, list[tuple[str, str]]],
        text: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names, self.text = names, text
        self.members = {member.code: member for member in Member.objects.all()}
        for name in names:
            if not name.left_out:
                self._whom(name, suggested.get(name.pk, []))
            self._out(name)

    def _whom(self, name: DraftName, suggested: list[tuple[str, str]]) -> None:
        if suggested and name.member_id is None:
            nobody = ("", _("None of these, or not known yet"))
            self.fields[f"best-{name.pk}"] = forms.ChoiceField(
                label=_("It means"),
                choices=[*suggested, nobody],
                required=False,
                widget=forms.RadioSelect,
            )
        code = name.member.code if name.member else ""
        widget = forms.TextInput(attrs={"list": "members", "size": 8})
        self.fields[f"code-{name.pk}"] = Line(
            _("Code of the member"), most=12, required=False, initial=code, widget=widget
        )

    def _out(self, name: DraftName) -> None:
        label, out = _("Take it out"), bool(name.left_out)
        self.fields[f"drop-{name.pk}"] = forms.BooleanField(
            label=label, required=False, initial=out
        )
        if parting.stands_in(name.printed, self.text):
            self.fields[f"why-{name.pk}"] = Line(
                _("Why it is left out"), required=False, initial=name.left_out
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name in self.names:
            code, best = self._code(name), said.get(f"best-{name.pk}")
            if code and code not in self.members:
                self.add_error(f"code-{name.pk}", _("No member has this code."))
            elif code and best and code != best:
                self.add_error(f"code-{name.pk}", _("Choose a suggestion or give a code."))
            why = f"why-{name.pk}"
            if said.get(f"drop-{name.pk}") and why in self.fields and not said.get(why):
                self.add_error(why, _("It stands in the text: say why it is left out."))
        chosen = [member.code for member in self.meant().values() if member]
        if twice := sorted({code for code in chosen if chosen.count(code) > 1}):
            told = _("A member stands under a text once: %(codes)s")
            self.add_error(None, told % {"codes": joined(twice)})
        return said

    def _code(self, name: DraftName) -> str:
        return str(self.cleaned_data.get(f"code-{name.pk}", "")).upper()

    def dropped(self) -> dict[DraftName, str]:
        """The names that are taken out, and why."""
        said = self.cleaned_data
        out = [name for name in self.names if said.get(f"drop-{name.pk}")]
        return {name: said.get(f"why-{name.pk}", "") for name in out}

    def meant(self) -> dict[DraftName, Member | None]:
        """Whom each of the other names means, or nobody yet."""
        said, dropped = self.cleaned_data, self.dropped()
        return {
            name: self.members.get(self._code(name) or said.get(f"best-{name.pk}", ""))
            for name in self.names
            if name not in dropped
        }

    def changed(self) -> dict[DraftName, Member | None]:
        """Of `meant`, what is not so already."""
        return {
            name: member
            for name, member in self.meant().items()
            if name.left_out or name.member_id != (member.pk if member else None)
        }


class SureForm(Versioned):
    """The sure matches that a person has looked at, all at once.

    `sure` are those of now: one that is sent and is no longer among them is refused.
    """

    CHANGED = _("These matches have changed since you opened the page. Look at them again.")
    sure = forms.MultipleChoiceField(
        widget=forms.MultipleHiddenInput,
        error_messages={"required": CHANGED, "invalid_choice": CHANGED},
    )

    def __init__(self, *args: Any, sure: Mapping[DraftName, Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matches = {f"{name.pk}-{member.code}": (name, member) for name, member in sure.items()}
        self.fields["sure"].choices = [(key, key) for key in self.matches]  # type: ignore[attr-defined]
        self.fields["sure"].initial = list(self.matches)

    def meant(self) -> dict[DraftName, Member]:
        """Whom each of the names that were looked at means."""
        return dict(self.matches[key] for key in self.cleaned_data["sure"])
