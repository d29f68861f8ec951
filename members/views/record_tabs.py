"""The tabs of a member's record that need nothing from the apps above."""

from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import models
from ..actions import records
from ..emails import words
from ..forms import records as forms
from ..languages import long_date
from ..models import Member, User
from .people import letters_of
from .records import Deed, Tab, tab_page

# Made by `keeps_history` beside the models; their names cannot be imported for the type checker.
MEMBERSHIP = (
    models.Member.pgh_event_model,  # type: ignore[attr-defined]
    models.Suspension.pgh_event_model,  # type: ignore[attr-defined]
    models.Succession.pgh_event_model,  # type: ignore[attr-defined]
)
NAMES = (models.Name.pgh_event_model,)  # type: ignore[attr-defined]
GROUPS = (models.GroupMember.pgh_event_model,)  # type: ignore[attr-defined]
TREATIES = (models.TreatyFact.pgh_event_model,)  # type: ignore[attr-defined]


def _membership(member: Member) -> dict[str, Any]:
    return {
        "suspensions": member.suspensions.all(),
        "successions": member.successions.select_related("former"),
        "succeeded_by": getattr(member, "succeeded_by", None),
    }


def _names(member: Member) -> dict[str, Any]:
    in_order = F("since").asc(nulls_first=True)
    return {
        "own": member.names.filter(statement="").order_by(in_order, "text"),
        "printed": member.names.exclude(statement="").order_by("statement", "text"),
    }


def _added(said: dict[str, Any]) -> str:
    """What is said of a new name; of one to come, from when on it is shown."""
    if said["since"] and said["since"] > timezone.now().date() and not said["kind"]:
        told = gettext(
            "The name is added. It is shown from %(day)s on, and the one of before until then."
        )
        return told % {"day": long_date(said["since"])}
    return gettext("The name is added.")


def _groups(member: Member) -> dict[str, Any]:
    return {"places": member.places.select_related("group")}


def _treaties(member: Member) -> dict[str, Any]:
    return {"treaty_facts": member.treaty_facts.all()}


def _contacts(member: Member) -> dict[str, Any]:
    today = timezone.now().date()
    held = list(member.people.select_related("user").order_by("kind", "since"))
    letters = letters_of(held)
    refused = set(User.objects.out_of_reach().values_list("pk", flat=True))
    open_ones = member.invitations.unanswered().order_by("-invited_at")
    return {
        "people": [
            {
                "role": role,
                "what": role.get_kind_display(),
                "now": role.until is None or role.until > today,
                "refused": role.user_id in refused,
                "letter": letters.get(role.pk),
            }
            for role in held
        ],
        "invitations": [(one, words(one), one.state_at(timezone.now())) for one in open_ones],
    }


membership = tab_page(
    Tab(
        "record",
        "members/record/membership.html",
        _membership,
        [
            Deed(
                "leave",
                _("Leaving"),
                forms.LeaveForm,
                records.leave,
                _("The leaving is recorded."),
                replaces=True,
            ),
            Deed(
                "rejoin",
                _("Coming back"),
                forms.FactForm,
                records.rejoin,
                _("It is recorded that it came back."),
                _("For a member that left. The day it first joined stays, and so does the gap."),
            ),
            Deed(
                "suspend",
                _("Suspension"),
                forms.FactForm,
                records.suspend,
                _("The suspension is recorded."),
                _("What it owes as a member rests from this day. What it signed stays."),
            ),
            Deed(
                "resume",
                _("End of the suspension"),
                forms.FactForm,
                records.resume,
                _("The end of the suspension is recorded."),
            ),
            Deed(
                "succeed",
                _("Succession"),
                forms.SucceedForm,
                records.succeed,
                _("The succession is recorded."),
                _("The other leaves on this day. Signatures do not pass."),
            ),
            Deed(
                "join",
                _("Correct the joining"),
                forms.JoinForm,
                records.correct_joining,
                _("The joining is corrected."),
                _(
                    "For a day or source that was typed wrong, or is found only now. It replaces "
                    "what is recorded, and what the member owes is worked out anew from that day."
                ),
                replaces=True,
            ),
            Deed(
                "correct",
                _("Correct a suspension or an absence"),
                forms.CorrectTimeForm,
                records.correct_time,
                _("It is corrected."),
                _("For a mistake in typing: all four replace what is recorded of that time."),
                replaces=True,
            ),
            Deed(
                "strike",
                _("Take back a suspension or an absence"),
                forms.StrikeTimeForm,
                records.strike_time,
                _("It is taken back."),
                _("For what was recorded by mistake: the membership then never rested."),
            ),
            Deed(
                "relate",
                _("Part of another member"),
                forms.RelateForm,
                records.relate,
                _("What it is a part of is saved."),
                replaces=True,
            ),
            Deed(
                "note",
                _("Note"),
                forms.NoteForm,
                records.annotate,
                _("The note is saved."),
                replaces=True,
            ),
            Deed(
                "region", _("Region"), forms.RegionForm, records.locate, _("Saved."), replaces=True
            ),
        ],
        MEMBERSHIP,
    )
)

names = tab_page(
    Tab(
        "record-names",
        "members/record/names.html",
        _names,
        [
            Deed("rename", _("New name"), forms.NameForm, records.rename, _added),
            Deed(
                "correct",
                _("Correct a name"),
                forms.CorrectNameForm,
                records.correct_name,
                _("The name is corrected."),
                _("For a mistake in typing. A name that changed is a new name."),
                replaces=True,
            ),
        ],
        NAMES,
    )
)

groups = tab_page(
    Tab(
        "record-groups",
        "members/record/groups.html",
        _groups,
        [
            Deed("place", _("New place"), forms.PlaceForm, records.place, _("The place is added.")),
            Deed(
                "end",
                _("End of a place"),
                forms.EndPlaceForm,
                records.end_place,
                _("The end of the place is recorded."),
                replaces=True,
            ),
        ],
        GROUPS,
    )
)

treaties = tab_page(
    Tab(
        "record-treaties",
        "members/record/treaties.html",
        _treaties,
        [
            Deed(
                "treaty",
                _("What it has done"),
                forms.TreatyForm,
                records.record_treaty,
                _("The treaty record is saved."),
                _("A stage that was recorded before gets this day and source."),
                replaces=True,
            ),
            Deed(
                "strike",
                _("Take back what was wrong"),
                forms.StrikeTreatyForm,
                records.strike_treaty,
                _("It is taken back."),
            ),
        ],
        TREATIES,
    )
)

contacts = tab_page(Tab("record-contacts", "members/record/contacts.html", _contacts))
