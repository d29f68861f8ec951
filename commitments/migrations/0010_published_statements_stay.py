"""Published statements, clauses and passages are never deleted; a statement keeps its history."""

import django.db.models.deletion
import members.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('commitments', '0009_wordings_are_corrected'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='StatementHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', members.text.LineField(max_length=12)),
                ('title', members.text.LineField(max_length=300)),
                ('place', members.text.LineField(max_length=60)),
                ('adopted_on', models.DateField()),
                ('act_as_printed', members.text.LineField(blank=True, max_length=100)),
                ('binding', members.text.LineField(choices=[('signature', 'those whose names stand under it'), ('membership', 'every member of the alliance'), ('body', 'a body of the alliance')], max_length=12)),
                ('position', models.PositiveSmallIntegerField()),
                ('source', members.text.LineField(max_length=300)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='correction',
            name='takes_effect',
        ),
        migrations.AlterField(
            model_name='draft',
            name='binding',
            field=members.text.LineField(choices=[('signature', 'those whose names stand under it'), ('membership', 'every member of the alliance'), ('body', 'a body of the alliance')], default='signature', max_length=12),
        ),
        migrations.AlterField(
            model_name='drafthistory',
            name='binding',
            field=members.text.LineField(choices=[('signature', 'those whose names stand under it'), ('membership', 'every member of the alliance'), ('body', 'a body of the alliance')], default='signature', max_length=12),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commitment',
            trigger=pgtrigger.compiler.Trigger(name='published_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e1c453305454940655fd2e84b5a3e4bd1bd02eef', operation='DELETE', pgid='pgtrigger_published_stays_c62ef', table='commitments_commitment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='correction',
            trigger=pgtrigger.compiler.Trigger(name='takes_effect', sql=pgtrigger.compiler.UpsertTriggerSql(func="UPDATE commitments_commitment SET lead_in = NEW.lead_in, text = NEW.text WHERE id = NEW.commitment_id; UPDATE commitments_passage SET text = NEW.text WHERE id = NEW.passage_id; UPDATE commitments_statement s SET title = btrim(regexp_replace(NEW.text, '\\s+', ' ', 'g')) FROM commitments_passage p WHERE p.id = NEW.passage_id AND s.id = p.statement_id AND s.title = btrim(regexp_replace(NEW.text_before, '\\s+', ' ', 'g')); RETURN NULL;", hash='26a70a93411e4860e15eb167e61adc5b02ba0824', operation='INSERT', pgid='pgtrigger_takes_effect_a02cd', table='commitments_correction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='passage',
            trigger=pgtrigger.compiler.Trigger(name='published_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='d2d12e19d3b2efefb800eac0b07433990adec194', operation='DELETE', pgid='pgtrigger_published_stays_a7d6f', table='commitments_passage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='title_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."title" IS DISTINCT FROM NEW."title" OR OLD."code" IS DISTINCT FROM NEW."code")', func="IF NEW.code <> OLD.code OR NOT EXISTS (SELECT FROM commitments_correction c JOIN commitments_passage p ON p.id = c.passage_id WHERE p.statement_id = NEW.id AND btrim(regexp_replace(c.text_before, '\\s+', ' ', 'g')) = OLD.title AND btrim(regexp_replace(c.text, '\\s+', ' ', 'g')) = NEW.title AND c.number = (SELECT max(number) FROM commitments_correction WHERE passage_id = p.id)) THEN RAISE EXCEPTION 'a published title stays; its passage is corrected'; END IF; RETURN NEW;", hash='27047b210205fa159b1d71dc3ee4487a4e878ec2', operation='UPDATE', pgid='pgtrigger_title_stays_687f7', table='commitments_statement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='published_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='96d4cbfacb0e141540644fd27ff2e2f4a825eaab', operation='DELETE', pgid='pgtrigger_published_stays_f76a4', table='commitments_statement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "commitments_statementhistory" ("act_as_printed", "adopted_on", "binding", "code", "endorses_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "position", "source", "title") VALUES (NEW."act_as_printed", NEW."adopted_on", NEW."binding", NEW."code", NEW."endorses_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."position", NEW."source", NEW."title"); RETURN NULL;', hash='013b9cc43f71ff57c3d7183b8f50d11e13aaec25', operation='INSERT', pgid='pgtrigger_insert_insert_40070', table='commitments_statement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "commitments_statementhistory" ("act_as_printed", "adopted_on", "binding", "code", "endorses_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "position", "source", "title") VALUES (NEW."act_as_printed", NEW."adopted_on", NEW."binding", NEW."code", NEW."endorses_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."position", NEW."source", NEW."title"); RETURN NULL;', hash='2c4541017bf1af149ebd6aaf28a2c74ca23c8cae', operation='UPDATE', pgid='pgtrigger_update_update_42ae8', table='commitments_statement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "commitments_statementhistory" ("act_as_printed", "adopted_on", "binding", "code", "endorses_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "position", "source", "title") VALUES (OLD."act_as_printed", OLD."adopted_on", OLD."binding", OLD."code", OLD."endorses_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."position", OLD."source", OLD."title"); RETURN NULL;', hash='824e75caf4a1de5ae12459c51370458297e391b9', operation='DELETE', pgid='pgtrigger_delete_delete_3014b', table='commitments_statement', when='AFTER')),
        ),
        migrations.AddField(
            model_name='statementhistory',
            name='endorses',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='commitments.statement'),
        ),
        migrations.AddField(
            model_name='statementhistory',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='statementhistory',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='commitments.statement'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementhistory',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='05e3add73a2e98b602d26568174fafa9c489498f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_48bb0', table='commitments_statementhistory', when='BEFORE')),
        ),
    ]
