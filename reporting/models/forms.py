from django.db import models

from members.triggers import append_only

from .rounds import Cycle


class KeptForm(models.Model):
    """One version of a round's form: what is asked, in which words. Rows are only ever added.

    A new number is given when the register's texts, or the fields of the form, have changed.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="forms")
    number = models.PositiveSmallIntegerField()
    kept_at = models.DateTimeField()
    content = models.TextField(help_text="Canonical JSON: fields, statements, clauses.")
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["cycle", "number"]
        triggers = append_only("kept_form")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="kept_form_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} form {self.number}"
