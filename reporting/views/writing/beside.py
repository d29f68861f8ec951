"""What stands beside a question: its basis, the secretariat's guidance, its lineage."""

from typing import Any

from members.models import User

from ...models import Report
from ...questions import Question, guidance_on
from ...rules import can_delegate, enters
from ..links import links_of
from . import shown


def facts(question: Question, report: Report, reader: User) -> dict[str, Any]:
    """Why the clause is owed, who judges it, the guidance on it, and the texts it is tied to."""
    return {
        "why": shown.basis(question),
        "judged": shown.judged(question),
        "guidance": guidance_on([question], report).get(question.reference),
        "delegates": can_delegate(reader, report),
        "entering": enters(reader, report),
        "links": links_of(question.commitment),
    }
