"""What stands beside a question: its basis, the secretariat's guidance, its lineage."""

from typing import Any

from ...models import Guidance
from ...questions import Question
from ..links import links_of
from . import shown


def facts(question: Question) -> dict[str, Any]:
    """Why the clause is owed, who judges it, the newest guidance, and the texts it is tied to."""
    row = Guidance.objects.newest().filter(commitment=question.commitment).first()
    return {
        "why": shown.basis(question),
        "judged": shown.judged(question),
        "guidance": row if row and row.text else None,
        "links": links_of(question.commitment),
    }
