import pgtrigger
from django.db import models

from ..text import LineField
from ..triggers import bumps_public_version
from .people import User
from .register import Member


class FormerCode(models.Model):
    """The code of a record that was merged into another. No record is given it again.

    A trigger of `Member` refuses it; `key` was the record's own, by which its history is found.
    """

    code = LineField(max_length=12, unique=True)
    key = models.BigIntegerField(unique=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="former_codes")
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    because = LineField(max_length=300)

    class Meta:
        ordering = ["code"]
        triggers = [
            bumps_public_version(),
            # Where the record that took it in is merged itself, the code follows.
            pgtrigger.ReadOnly(name="former_code_reads_the_same", exclude=["member"]),
            pgtrigger.Protect(name="former_code_stays", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(name="merging_has_a_reason", condition=~models.Q(because=""))
        ]

    def __str__(self) -> str:
        return f"{self.code}, now {self.member}"
