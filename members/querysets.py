"""What can be asked of the members, their names, groups and roles."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import TruncDate


def in_force(day: dt.date, since: str = "since", until: str = "until") -> Q:
    """The rows whose half-open period [since, until) covers the end of `day` (UTC).

    A missing `since` counts as always, a missing `until` as still in force.
    """
    began = Q(**{f"{since}__isnull": True}) | Q(**{f"{since}__lte": day})
    not_over = Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": day})
    return began & not_over


class DatedQuerySet(models.QuerySet):
    def in_force(self, day: dt.date) -> Self:
        """The rows in force at the end of `day` (UTC)."""
        return self.filter(in_force(day))


class RoleQuerySet(DatedQuerySet):
    def awake(self) -> Self:
        """The roles that do not rest: for no member, or for one that is not frozen."""
        return self.exclude(Exists(self._freezes()))

    def resting(self) -> Self:
        """The roles for a member that the secretariat has frozen, with `rests_since`."""
        return self.filter(Exists(self._freezes())).annotate(
            rests_since=Subquery(self._freezes().values("since")[:1])
        )

    def lost_by(self, day: dt.date) -> Self:
        """The roles that no longer reach anybody, with `lost`: since when, where that is known.

        They have ended, or mail to their holder fails: since the first letter that could not be
        delivered and after which none has got through.
        """
        people = self.model._meta.get_field("user").related_model
        failed = people.objects.failed_letters().filter(to=OuterRef("user__email"))
        first = failed.order_by("created_at").values(day=TruncDate("created_at", tzinfo=dt.UTC))
        ended = When(until__lte=day, then=F("until"))
        lost = Case(ended, default=Subquery(first[:1]), output_field=models.DateField())
        return self.filter(since__lte=day).annotate(lost=lost)

    def _freezes(self) -> models.QuerySet:
        members = self.model._meta.get_field("member").related_model
        freezes = members._meta.get_field("freezes").related_model
        return freezes.objects.filter(member=OuterRef("member"), until__isnull=True)


class MemberQuerySet(models.QuerySet):
    def on(self, day: dt.date) -> Self:
        """The members at the end of `day`; an unknown joining day counts as before."""
        found = self.filter(in_force(day, "joined_on", "left_on"))
        return found.exclude(pk__in=self._without(day, "away"))

    def gone(self, day: dt.date) -> Self:
        """Those that had left by the end of `day`, for good or until they came back later."""
        away = Q(pk__in=self._without(day, "away"))
        return self.filter(Q(left_on__lte=day) | away)

    def named(self, day: dt.date) -> Self:
        """The members with `display_name`: the newest own name known on `day`, else the oldest."""
        names = self.model._meta.get_field("names").related_model
        own = names.objects.filter(member=OuterRef("pk"), statement="", kind="")
        known = own.filter(Q(since__isnull=True) | Q(since__lte=day))
        newest = known.order_by(F("since").desc(nulls_last=True)).values("text")[:1]
        oldest = own.order_by(F("since").asc(nulls_first=True)).values("text")[:1]
        return self.annotate(
            display_name=models.functions.Coalesce(Subquery(newest), Subquery(oldest), "code")
        )

    def counted(self) -> Self:
        """The members that stand in denominators: those that do not report through another."""
        return self.filter(reports_through__isnull=True)

    def suspended(self, day: dt.date) -> Self:
        """The members whose membership rests on `day`."""
        return self.filter(pk__in=self._without(day, "rests"))

    def _without(self, day: dt.date, kind: str) -> models.QuerySet:
        """The members that are none on `day` for this reason, by key."""
        times = self.model._meta.get_field("suspensions").related_model.objects
        return times.in_force(day).filter(kind=kind).values("member")

    def unreachable(self, day: dt.date) -> Self:
        """The members nobody can write to: none acts for them, or all mail to those fails.

        Those that have left, and those that report through another, need nobody.
        """
        roles = self.model._meta.get_field("people").related_model
        people = roles._meta.get_field("user").related_model
        acting = roles.objects.in_force(day).filter(member=OuterRef("pk"), user__is_active=True)
        reached = acting.exclude(user__in=people.objects.out_of_reach())
        return self.on(day).counted().filter(~Exists(reached))


class PeopleQuerySet(models.QuerySet):
    def demonstration(self) -> Self:
        """The persons whom anyone may be in the demonstration, and nobody anywhere else."""
        return self.filter(is_demonstration=True, is_active=True)

    def out_of_reach(self) -> Self:
        """Those to whose address mail could not be delivered, and none has got through since."""
        return self.filter(Exists(self.failed_letters().filter(to=OuterRef("email"))))

    def failed_letters(self) -> models.QuerySet:
        """The letters that could not be delivered, where none got through to there since."""
        messages = self.model._meta.get_field("messages").related_model
        sent = messages.objects.filter(to=OuterRef("to"), state=messages.State.SENT)
        later = sent.filter(sent_at__gte=OuterRef("created_at"))
        return messages.objects.filter(state=messages.State.DEAD).exclude(Exists(later))

    def served_nobody_since(self, day: dt.date) -> Self:
        """Those with no role in force on this day or since; the demonstration's are nobody's data.

        Whoever never had a role is among them.
        """
        roles = self.model._meta.get_field("roles").related_model
        later = Q(until__isnull=True) | Q(until__gt=day)
        held = roles.objects.filter(later, user=OuterRef("pk"))
        return self.filter(~Exists(held), is_demonstration=False)

    def matching(self, words: str) -> Self:
        """The people whose name or address holds these words, or who act for this member code."""
        of_member = Q(roles__member__code__iexact=words)
        named = Q(name__icontains=words) | Q(email__icontains=words)
        return self.filter(named | of_member).distinct() if words else self


class InvitationQuerySet(models.QuerySet):
    def unanswered(self) -> Self:
        """Neither accepted nor revoked; the expired ones too, for they can be sent again."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def behind(self, roles: Iterable[Any]) -> dict[int, Any]:
        """The accepted invitation with which each of these roles began, by the role's key.

        One query. A role that was given at once, or passed on, has none.
        """
        roles = list(roles)
        taken: dict[tuple[int, str, int | None], list[Any]] = {}
        people = {role.user_id for role in roles}
        accepted: Iterable[Any] = self.filter(accepted_by__in=people).order_by("accepted_at")
        for offer in accepted:
            key = (offer.accepted_by_id, offer.kind, offer.member_id)
            taken.setdefault(key, []).append(offer)
        found = {}
        for role in roles:
            for offer in taken.get((role.user_id, role.kind, role.member_id), []):
                if role.until is None or offer.accepted_at.date() <= role.until:
                    found[role.pk] = offer
        return found

    def with_secret(self, secret: str) -> Self:
        """The invitation that this secret opens, by its SHA-256: the secret itself is not kept."""
        return self.filter(secret_hash=hashlib.sha256(secret.encode()).hexdigest())
