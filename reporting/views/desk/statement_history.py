"""What was changed in a published statement, when and by whom: facts, names under it, wording."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from commitments.models import Correction, Position, Signature, Statement
from members import rules
from members.access import access
from members.history import entries

from ..corrected import told

FACTS = (Statement.pgh_event_model,)  # type: ignore[attr-defined]
NAMES = (Signature.pgh_event_model, Position.pgh_event_model)  # type: ignore[attr-defined]
SHOWN = 200


@access(rules.in_secretariat)
@require_safe
def history(request: HttpRequest, code: str) -> HttpResponse:
    """The versions of a statement's facts, and the changes under it, the newest first."""
    text = get_object_or_404(Statement, code=code)
    of_it = Q(commitment__statement=text) | Q(passage__statement=text)
    corrections = Correction.objects.filter(of_it).select_related("commitment", "passage", "by")
    names = entries(text, NAMES)[::-1]
    context = {
        "statement": text,
        "facts": entries(text, FACTS)[::-1],
        "corrections": [told(one) for one in corrections.order_by("-at", "-pk")],
        "names": names[:SHOWN],
        "total": len(names),
        "may": rules.keeps_reference_data(request.user),
    }
    return render(request, "reporting/desk/statement_history.html", context)
