"""What changes people and accounts, by what it is about."""

from .factors import end_sessions, record_factor, take_factors
from .freezes import freeze, unfreeze
from .people import (
    CHAIN,
    LIFE_OF_AN_INVITATION,
    Closed,
    accept_invitation,
    disable,
    enable,
    end_role,
    give_role,
    hash_of,
    invite,
    invite_administrator,
    join,
    language_among,
    make_calendar_key,
    resend,
    revoke,
    revoke_calendar_key,
    speak,
)
from .retention import remove_contact_data
from .succession import pass_on
from .tokens import make_token, revoke_token, revoke_tokens, use_token

__all__ = [
    "CHAIN",
    "LIFE_OF_AN_INVITATION",
    "Closed",
    "accept_invitation",
    "disable",
    "enable",
    "end_role",
    "end_sessions",
    "freeze",
    "give_role",
    "hash_of",
    "invite",
    "invite_administrator",
    "join",
    "language_among",
    "make_calendar_key",
    "make_token",
    "pass_on",
    "record_factor",
    "remove_contact_data",
    "resend",
    "revoke",
    "revoke_calendar_key",
    "revoke_token",
    "revoke_tokens",
    "speak",
    "take_factors",
    "unfreeze",
    "use_token",
]
