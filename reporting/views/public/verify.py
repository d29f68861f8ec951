"""Is an acknowledgement genuine? Asked by whoever holds it; nobody else learns anything."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members.access import access, anyone
from members.text import fold, normalise

from ...acknowledgements import DIRECTIONS, facts, judged
from ...forms import VerifyForm

NAMES = ("member", "by")  # compared where they are typed


@access(anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form, and one of four answers. All that is not genuine gets the same one."""
    if request.method != "POST":
        return render(request, "reporting/verify.html", {"form": VerifyForm()})
    typed = {name: _plain(request.POST.get(name, "")) for name in VerifyForm.base_fields}
    named = {name: {fold(typed[name])} for name in NAMES if typed[name]}
    said, version = judged(typed["reference"], typed["version"], typed["sha256"], named=named)
    context = {"form": VerifyForm(initial=typed), "verdict": said}
    return render(request, "reporting/verify.html", context | (facts(version) if version else {}))


def _plain(text: str) -> str:
    """The text in one line; empty where it holds what no acknowledgement does."""
    try:
        return " ".join(normalise(text[:200]).translate(DIRECTIONS).split())
    except ValidationError:
        return ""
