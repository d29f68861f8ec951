"""A person's own calendar, read by a calendar program that holds its secret address."""

import hashlib

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members import languages
from members.access import access, anyone
from members.actions import hash_of
from members.models import CalendarKey, User

from ... import calendars


@access(anyone)  # the secret in the address is what opens it
@require_safe
def own_calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """All that is due from the members a person acts for, with alarms; 404 for any other secret."""
    person, now = _owner(secret), timezone.now()
    with translation.override(languages.language_of(person)):
        entries = calendars.of_person(person, now)
        alarms = calendars.ALARM_DAYS
        words = calendars.owed_without_a_day(person, now.date())
        body = calendars.written(
            _("Commitment tracker"), entries, now, alarms=alarms, followed=True, words=words
        )
    etag = f'"{hashlib.sha256(body).hexdigest()[:40]}"'
    whole = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer = get_conditional_response(request, etag, None, whole) or whole
    answer["ETag"], answer["X-Robots-Tag"] = etag, "noindex"
    answer["Cache-Control"] = "private, max-age=0, must-revalidate"
    return answer


def _owner(secret: str) -> User:
    keys = CalendarKey.objects.select_related("user").filter(user__is_active=True)
    key = keys.filter(secret_hash=hash_of(secret)).first()
    if key is None or (key.user.is_demonstration and not settings.DEMO) or _rests(key.user):
        raise Http404
    return key.user


def _rests(person: User) -> bool:
    """Whether all that the person does here is frozen: then the calendar tells nothing either."""
    held = person.roles.in_force(timezone.now().date()).resting()
    return not person.roles_now and held.exists()
