from django.db import migrations, models

# What was sent before was counted from the date in force then: the opening, the extended date
# where the decision came first, else the round's own.
COUNTED_FROM = """
UPDATE reporting_reminder reminder SET reckoned_from = CASE
    WHEN EXISTS (SELECT FROM reporting_milestone milestone
                 WHERE milestone.kind = reminder.milestone AND milestone.relative_to = 'opens_on')
    THEN cycle.opens_on
    ELSE coalesce((SELECT greatest(extension.due_on, cycle.due_on)
                   FROM reporting_extension extension
                   WHERE extension.cycle_id = reminder.cycle_id
                     AND extension.member_id = reminder.member_id
                     AND extension.decided_on <= (reminder.planned_at AT TIME ZONE 'UTC')::date),
                  cycle.due_on)
    END
FROM reporting_cycle cycle WHERE cycle.id = reminder.cycle_id
"""
KEY = ["milestone", "cycle", "member", "recipient", "reckoned_from"]


class Migration(migrations.Migration):
    dependencies = [("reporting", "0013_keep_the_form_of_a_round")]

    operations = [
        migrations.RemoveConstraint(model_name="reminder", name="reminder_once"),
        migrations.AddField(
            model_name="reminder",
            name="reckoned_from",
            field=models.DateField(
                null=True, help_text="The date the milestone was counted from."
            ),
        ),
        migrations.RunSQL(COUNTED_FROM, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="reminder",
            name="reckoned_from",
            field=models.DateField(help_text="The date the milestone was counted from."),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(fields=KEY, name="reminder_once_for_a_date"),
        ),
    ]
