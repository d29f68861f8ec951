"""In which language a report is written, and whether its text is a translation."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from members.models import User

from .. import rules, workflow
from ..languages import is_language
from ..models import Report
from .moving import hold, record


@transaction.atomic
def say_language(
    report: Report, *, language: str, unofficial_translation: bool, by: User, at: dt.datetime
) -> Report:
    """The open report, marked with its language and whether its text is an unofficial translation.

    It goes into the next submission, and with that to the public. The same again adds nothing.
    Raises ValidationError for a language that is none, WrongMoment when the report is not open.
    """
    if not rules.can_write(by, report):
        raise PermissionDenied("say_language: represents the member")
    if not is_language(language):
        raise ValidationError({"language": _("This is not one of the languages.")})
    held = hold(report)
    if held.state not in workflow.OPEN:
        words = _("The language can be told in a draft and in a returned report.")
        raise workflow.WrongMoment(words, held)
    said = (held.language, held.unofficial_translation)
    if said == (language, unofficial_translation):
        return held
    held.language, held.unofficial_translation = language, unofficial_translation
    held.save()
    facts = {"language": language, "unofficial_translation": unofficial_translation}
    record("language", held, by=by, at=at, **facts)
    return held
