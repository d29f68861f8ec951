"""The plain tables as Django models; imported once Django is set up."""

from django.db import models


class Table(models.Model):
    class Meta:
        abstract = True
        app_label = "plain"
        managed = False


class Member(Table):
    code = models.TextField()
    name = models.TextField()

    class Meta(Table.Meta):
        db_table = 'plain"."member'


class Statement(Table):
    code = models.TextField()

    class Meta(Table.Meta):
        db_table = 'plain"."statement'


class Commitment(Table):
    reference = models.TextField()
    statement = models.ForeignKey(Statement, models.CASCADE)

    class Meta(Table.Meta):
        db_table = 'plain"."commitment'


class Report(Table):
    code = models.TextField()
    cycle = models.TextField()
    member = models.ForeignKey(Member, models.CASCADE)
    published_on = models.DateField()
    synthetic = models.BooleanField()

    class Meta(Table.Meta):
        db_table = 'plain"."report'


class Answer(Table):
    class Status(models.TextChoices):
        IMPLEMENTED = "implemented", "Implemented"
        IN_PROGRESS = "in_progress", "In progress"
        PLANNED = "planned", "Planned"
        NOT_STARTED = "not_started", "Not started"
        NOTHING_TO_REPORT = "nothing_to_report", "Nothing to report"

    report = models.ForeignKey(Report, models.CASCADE)
    commitment = models.ForeignKey(Commitment, models.CASCADE)
    status = models.TextField(choices=Status)
    narrative = models.TextField(null=True)
    next_steps = models.TextField(null=True)
    obstacles = models.TextField(null=True)
    evidence = models.JSONField()
    withheld = models.BooleanField()

    class Meta(Table.Meta):
        db_table = 'plain"."answer'
