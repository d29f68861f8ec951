"""Reports of earlier rounds that exist at another place: links in a member's record."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from members.actions.records import Writing, recording, store
from members.models import Member

from .. import words
from ..languages import is_language
from ..models import ReportElsewhere


def link_report(
    member: Member,
    writing: Writing,
    *,
    title: str,
    year: int,
    url: str,
    language: str,
    source: str,
) -> None:
    """The member's record tells of this report from now on; the same address again is corrected.

    The address is checked as text and never fetched. Raises ValidationError by field.
    """
    facts = {"title": _clean("title", title), "year": year, "language": language}
    address = _clean("url", url)
    if not is_language(language):
        raise ValidationError({"language": _("This is not one of the languages.")})
    if year > writing.at.year:
        raise ValidationError({"year": _("This year has not come yet.")})
    with recording(member, "report elsewhere linked", writing, year=year) as locked:
        there = ReportElsewhere.objects.filter(member=locked, url=address).first()
        row = there or ReportElsewhere(member=locked, url=address)
        for name, value in (facts | {"source": source}).items():
            setattr(row, name, value)
        store(row)


def strike_link(member: Member, writing: Writing, *, link: ReportElsewhere) -> None:
    """Takes a link out, that was wrong or leads nowhere; its copy stays in the history."""
    with recording(member, "report elsewhere struck", writing, year=link.year) as locked:
        ReportElsewhere.objects.get(member=locked, pk=link.pk).delete()


def _clean(name: str, value: str) -> str:
    try:
        return words.clean_link(value) if name == "url" else words.clean_title(value)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error
