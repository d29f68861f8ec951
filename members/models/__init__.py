"""Who the members are, who acts for them, and the machinery every app needs."""

from .erasures import Erasure
from .former import FormerCode
from .machinery import Event, Heartbeat, LoadedRow, Message, PublicVersion
from .people import CalendarKey, Freeze, Invitation, Role, User
from .register import Group, GroupMember, Member, Name, Succession, Suspension, TreatyFact
from .tokens import ApiToken

__all__ = [
    "ApiToken",
    "CalendarKey",
    "Erasure",
    "Event",
    "FormerCode",
    "Freeze",
    "Group",
    "GroupMember",
    "Heartbeat",
    "Invitation",
    "LoadedRow",
    "Member",
    "Message",
    "Name",
    "PublicVersion",
    "Role",
    "Succession",
    "Suspension",
    "TreatyFact",
    "User",
]
