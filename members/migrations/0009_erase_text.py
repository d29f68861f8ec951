from django.db import migrations

# Owned by who migrates, and run with that role's rights: the one way in which the role of web and
# worker reaches rows that stay. So it is narrow. It takes no text and no place from its caller but
# reads them from the row of an erasure that one administrator asked for and another one confirms;
# all it can do is to put the mark in the place of that text. docs/decisions/erasure.md
CREATE = r"""
CREATE FUNCTION erase_text(asked bigint, confirmer bigint, seals jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    it members_erasure;
    place record;
    forms text[];
    form text;
    made text;
    wanted text;
    mark text;
    beside text;
    changed jsonb := '[]';
    n bigint;
    today date := (now() AT TIME ZONE 'UTC')::date;
BEGIN
    SELECT * INTO it FROM members_erasure WHERE id = asked FOR UPDATE;
    IF NOT FOUND OR it.done_at IS NOT NULL OR it.dropped_at IS NOT NULL OR length(it.text) < 4 THEN
        RAISE EXCEPTION 'there is nothing to erase';
    END IF;
    IF (SELECT count(DISTINCT u.id) FROM members_user u JOIN members_role r ON r.user_id = u.id
        WHERE u.id IN (it.asked_by_id, confirmer) AND u.is_active AND r.kind = 'administrator'
        AND r.since <= today AND (r.until IS NULL OR r.until > today)) <> 2 THEN
        RAISE EXCEPTION 'an erasure takes two administrators';
    END IF;
    -- Rows that stay may change here alone; that the public version moves, and that a calendar
    -- entry counts its changes, stays in force.
    PERFORM set_config('pgtrigger.ignore', (
        SELECT array_agg(DISTINCT tgname::text)::text FROM pg_trigger
        WHERE tgname LIKE 'pgtrigger\_%' AND tgname !~ '^pgtrigger_(bumps|counts)'), true);
    FOR place IN
        SELECT c.table_name AS tab, c.column_name AS col, c.data_type AS kind,
               c.character_maximum_length AS most
        FROM jsonb_to_recordset(it.places) AS p("table" text, "column" text)
        JOIN information_schema.columns c ON c.table_schema = 'public'
         AND c.table_name = p."table" AND c.column_name = p."column"
        WHERE c.data_type IN ('text', 'character varying', 'jsonb')
          AND c.table_name NOT IN ('members_erasure', 'members_role')
    LOOP
        forms := ARRAY[substr(to_json(it.text)::text, 2, length(to_json(it.text)::text) - 2), it.text];
        mark := '[erased]';
        IF place.tab = 'reporting_publishedanswer' AND place.col = 'words' THEN
            forms := ARRAY[it.folded];
            mark := 'erased';
        END IF;
        made := format('%I::text', place.col);
        wanted := 'false';
        FOREACH form IN ARRAY forms LOOP
            made := format('replace(%s, %L, %L)', made, form, mark);
            wanted := wanted || format(' OR position(%L in %I::text) > 0', form, place.col);
        END LOOP;
        IF place.most IS NOT NULL THEN
            made := format('left(%s, %s)', made, place.most);
        END IF;
        beside := '';
        IF place.tab = 'members_event' THEN
            IF place.col <> 'detail' THEN
                RAISE EXCEPTION 'of an event the detail alone is erased';
            END IF;
            beside := format(', salt = '''', sealed = %L::jsonb ->> id::text, erasure = %s', seals, asked);
        END IF;
        EXECUTE format('UPDATE %I SET %I = (%s)::%s%s WHERE %s',
            place.tab, place.col, made, place.kind, beside, wanted);
        GET DIAGNOSTICS n = ROW_COUNT;
        changed := changed || jsonb_build_object('table', place.tab, 'column', place.col, 'rows', n);
    END LOOP;
    UPDATE members_erasure SET text = '', folded = '', confirmed_by_id = confirmer,
        done_at = clock_timestamp() WHERE id = asked;
    PERFORM set_config('pgtrigger.ignore', '{}', true);
    RETURN changed;
END;
$$;
REVOKE ALL ON FUNCTION erase_text(bigint, bigint, jsonb) FROM PUBLIC;
"""
DROP = "DROP FUNCTION erase_text(bigint, bigint, jsonb)"


class Migration(migrations.Migration):
    dependencies = [("members", "0008_erasures")]
    operations = [migrations.RunSQL(CREATE, DROP)]
