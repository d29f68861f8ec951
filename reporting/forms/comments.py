"""What reviewers and members write to each other about a report."""

from django import forms
from django.utils.translation import gettext_lazy

from . import Reason


class ReplyForm(forms.Form):
    """The next word in a thread."""

    use_required_attribute = False

    text = Reason(gettext_lazy("Reply"))


class CommentForm(forms.Form):
    """A new thread on one answer, or on the whole report when `on` is empty."""

    use_required_attribute = False

    text = Reason(gettext_lazy("Comment"))
    internal = forms.BooleanField(
        label=gettext_lazy("Internal: the member does not see it"), required=False
    )
    on = forms.SlugField(required=False, max_length=20, widget=forms.HiddenInput)
