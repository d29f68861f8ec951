"""What is sent when a workbook comes back: the file, and then what to take of it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..workbooks import MOST_BYTES

ENDING = ".xlsx"


class WorkbookForm(forms.Form):
    """One workbook. What its name says is not believed, and its bytes are never stored."""

    use_required_attribute = False

    file = forms.FileField(
        label=gettext_lazy("The filled-in workbook"),
        help_text=gettext_lazy("An .xlsx file of up to 1 MB. It is read once and thrown away."),
        widget=forms.FileInput(attrs={"accept": ENDING}),
        error_messages={
            "required": gettext_lazy("Choose the workbook that you filled in."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 1 MB."))
        return file.read()


class ChoiceForm(forms.Form):
    """What was previewed, signed, and what is to be done with each question of it."""

    carried = forms.CharField(widget=forms.HiddenInput)

    def choice(self, key: str) -> str:
        """`mine`, `both`, or anything else for "leave it as it is"."""
        return str(self.data.get(f"take-{key}", ""))
