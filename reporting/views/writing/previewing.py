"""What the public will read of a report, and the member's word: it agrees, or objects."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.models import Commitment
from members import rules
from members.access import access
from members.typed import keeps_typed, put_back

from ... import actions, observations, questions, workflow
from ...forms.objecting import ObjectionForm
from ...models import Comment, Report, Version
from ...serializers import answer_rows, answers_of, canonical_json
from ..moments import at_the_right_moment, person, posted
from . import shown
from .standing import from_when


@access(rules.writes_for_a_member)
@require_safe
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """The last submitted version, or the draft as it is, exactly as the public will read it."""
    return _page(request, shown.whole_report(request, code))


def _page(
    request: HttpRequest, report: Report, refused: ObjectionForm | None = None
) -> HttpResponse:
    version = _version(report)
    read = _as_read(report, version)
    form = refused or ObjectionForm(answered=[clause for clause, *_rest in read])
    put_back(request, form, reverse("report-object", args=[report.code]))
    context = {
        "report": report,
        "member": shown.name_of(report.member),
        "version": version,
        "rows": [(*row, form.on(row[0].reference)) for row in read],
        **_word(request, report),
        "form": form,
    }
    status = 400 if refused else 200
    return render(request, "reporting/writing/preview.html", context, status=status)


def _version(report: Report) -> Version:
    """The last submitted version; while it is written, the one that would be submitted now."""
    if report.state not in workflow.OPEN:
        return report.versions.latest("number")
    said = questions.as_submitted(questions.questions(report))
    return Version(report=report, content=canonical_json(said))


def _word(request: HttpRequest, report: Report) -> dict[str, Any]:
    """What this person can say to it now, and from when it may be published without that."""
    names = [move.name for move in workflow.open_moves(request.user, report, on=shown.today())]
    return {
        "drafted": report.state in workflow.OPEN,
        "can_agree": "agree" in names,
        "can_object": "object" in names,
        "raised": _raised(report) if report.objected_at else [],
        "correctable": report.state == workflow.ACCEPTED,
        "from_when": from_when(workflow.preview_ends_on(report)),
    }


def _as_read(report: Report, version: Version) -> list[tuple[Any, ...]]:
    """Each answer as the public will read it, with the yearly figures beside it."""
    figures = observations.readable(version)
    rows = answer_rows(report, version, on=shown.today())
    return [(clause, said, row, figures.get(clause.reference, [])) for clause, said, row in rows]


def _raised(report: Report) -> list[Comment]:
    """What the member said to be wrong with the accepted version, and nobody has settled."""
    version = report.versions.latest("number")
    open_ones = Comment.objects.open().objections().filter(report=report, version=version.number)
    return list(open_ones.select_related("commitment"))


@access(rules.writes_for_a_member)
@posted("report-preview")
@at_the_right_moment
def agree(request: HttpRequest, code: str) -> HttpResponse:
    """Records the member's word that the report may be published as previewed."""
    actions.agree(shown.own_report(request, code), by=person(request), at=timezone.now())
    return redirect("report-home", code)


@keeps_typed
@access(rules.writes_for_a_member)
@posted("report-preview")
@at_the_right_moment
def object_to(request: HttpRequest, code: str) -> HttpResponse:
    """Records what is wrong with what the public would read; it is not published meanwhile."""
    report, by = shown.own_report(request, code), person(request)
    workflow.check("object", report, by=by, on=shown.today())
    form = ObjectionForm(request.POST, answered=_answered(report))
    if not form.is_valid():
        return _page(request, report, form)
    actions.object_to(report, form.said(), by=by, at=timezone.now())
    return redirect("report-preview", code)


def _answered(report: Report) -> list[Commitment]:
    """The clauses that the version to be published answers."""
    said = answers_of(report.versions.latest("number"))
    return list(Commitment.objects.filter(reference__in=said))
