"""Loading the registry's files: once, again, after an edit here, after a change there."""

import io
import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pgtrigger
import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.models import (
    Commitment,
    Lineage,
    Passage,
    Signature,
    Statement,
    Theme,
    ThemeOfCommitment,
)
from members.loading import Kept, Refused, load
from members.models import Group, GroupMember, LoadedRow, Member, Name, PublicVersion
from reporting.management.commands.load_registry import DATASETS
from reporting.models import Cycle, Indicator, Milestone
from tests.registry_files import ROOT

MEMBERS = "members/data/members.csv"
NAMES = "members/data/names.csv"
PLACES = "members/data/group_members.csv"
STATEMENTS = "commitments/data/statements.json"
THEMES = "commitments/data/themes.json"
CLAUSES = "commitments/data/2012.json"
LINEAGE = "commitments/data/lineage.csv"
SIGNATURES = "commitments/data/signatures.csv"
CYCLES = "reporting/data/cycles.csv"
ALBANIA = "ALB,government,Europe,UN M49,,,,,10,8"

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the data files that a test may change."""
    for app in ("members", "commitments", "reporting"):
        shutil.copytree(ROOT / app / "data", tmp_path / app / "data")
    return tmp_path


def rewrite(files: Path, file: str, old: str, new: str, times: int = 1) -> None:
    text = (files / file).read_text(encoding="utf-8")
    assert old in text
    (files / file).write_text(text.replace(old, new, times), encoding="utf-8")


def edit(files: Path, file: str, change: Callable) -> None:
    """Changes a JSON file's content."""
    content = json.loads((files / file).read_text(encoding="utf-8"))
    change(content)
    (files / file).write_text(json.dumps(content), encoding="utf-8")


def told(files: Path) -> str:
    """Loads by the command and returns what it prints."""
    out = io.StringIO()
    call_command("load_registry", root=files, stdout=out)
    return out.getvalue()


def version() -> int:
    return PublicVersion.objects.get().number


def test_the_register_holds_what_the_files_hold():
    held = [Member, Name, Group, GroupMember, Theme, Statement, Commitment, Passage, Lineage]
    assert [model.objects.count() for model in held] == [85, 259, 2, 47, 12, 6, 84, 58, 34]
    held = [Signature, Cycle, Milestone, Indicator]
    assert [model.objects.count() for model in held] == [152, 8, 7, 1]
    assert Member.objects.get(code="GB-EAW").reports_through.code == "GBR"
    assert Signature.objects.get(member__code="PHL", statement__code="2012").name.text == (
        "the Philippines"
    )


def test_the_note_on_a_name_comes_from_the_settings():
    noted = Member.objects.exclude(note="").get()
    assert (noted.code, noted.note[:16]) == ("XKX", "This designation")


def test_an_empty_register_is_filled_and_every_dataset_told(files):
    empty_the_register()
    lines = told(files).splitlines()
    assert "  added 85: ALB, ARE, AUS, AUT, BEL, BGR, BIH, BRA, ... and 77 more" in lines
    assert "  added 8: 2014, 2016, 2018, 2020, 2022, 2024, 2026, 2028" in lines
    assert sum(line.startswith("  added") for line in lines) == len(DATASETS) == 14


def empty_the_register() -> None:
    for model in [ThemeOfCommitment, *(dataset.model for dataset in reversed(DATASETS))]:
        with pgtrigger.ignore():  # what is published is never deleted elsewhere
            model.objects.all()._raw_delete("default")
    LoadedRow.objects.all().delete()


def test_a_second_run_writes_nothing(files):
    load(DATASETS, files)
    before = version()
    with CaptureQueriesContext(connection) as queries:
        outcomes = load(DATASETS, files)
    assert not any(outcome.wrote for outcome in outcomes)
    assert version() == before
    statements = [query["sql"].split()[0] for query in queries]
    assert set(statements) <= {"SELECT", "SAVEPOINT", "RELEASE", "SET"}


def test_a_row_follows_its_file_and_the_change_is_told(files):
    rewrite(files, MEMBERS, ALBANIA, ALBANIA.replace("10,8", "11,8"))
    assert "  changed 1: ALB (tile_column)" in told(files)
    assert Member.objects.get(code="ALB").tile_column == 11


def test_what_staff_edited_is_kept_and_told_with_both_values(files):
    Member.objects.filter(code="ALB").update(joined_on="2020-01-01")
    before = version()
    line = "edited here, kept: ALB, field joined_on: '2020-01-01' stays, the file says None"
    assert line in told(files)
    assert line in told(files)
    assert version() == before
    rewrite(files, MEMBERS, ALBANIA, ALBANIA.replace("10,8", "11,8"))
    assert "kept: ALB, field tile_column: 10 stays, the file says 11" in told(files)
    member = Member.objects.get(code="ALB")
    assert (str(member.joined_on), member.tile_column) == ("2020-01-01", 10)


def test_an_edit_that_was_undone_lets_the_row_follow_again(files):
    Member.objects.filter(code="ALB").update(tile_column=3)
    told(files)
    Member.objects.filter(code="ALB").update(tile_column=10)
    rewrite(files, MEMBERS, ALBANIA, ALBANIA.replace("10,8", "11,8"))
    assert "changed 1: ALB (tile_column)" in told(files)


def test_a_file_that_comes_to_agree_with_an_edit_takes_the_row_back(files):
    Member.objects.filter(code="ALB").update(tile_column=11)
    rewrite(files, MEMBERS, ALBANIA, ALBANIA.replace("10,8", "11,8"))
    assert "ALB" not in told(files)
    rewrite(files, MEMBERS, ",11,8", ",12,8")
    assert "changed 1: ALB (tile_column)" in told(files)


def test_what_staff_recorded_beside_the_file_is_no_edit_of_it(files):
    """A withdrawal has no column in the file: the row still follows it."""
    signature = Signature.objects.filter(statement__code="2012").first()
    Signature.objects.filter(pk=signature.pk).update(
        withdrawn_on="2024-01-01", withdrawal_source="A letter"
    )
    assert "kept" not in told(files)


def test_a_row_removed_from_its_file_is_told_and_stays(files):
    rewrite(files, LINEAGE, "refers_to,2015-P1,2015-N\n", "")
    before = version()
    assert "  no longer in the file, kept: refers_to / 2015-P1 / 2015-N" in told(files)
    assert (Lineage.objects.count(), version()) == (34, before)


def test_a_row_that_staff_removed_is_not_added_again(files):
    Lineage.objects.filter(source_commitment__reference="2015-P1").delete()
    assert "  removed here, not added again: refers_to / 2015-P1 / 2015-N" in told(files)
    assert Lineage.objects.count() == 33


def test_a_row_that_staff_added_first_is_theirs(files):
    Theme.objects.create(code="safety", label="Safety by design")
    edit(files, THEMES, lambda themes: themes.append({"code": "safety", "label": "Safety"}))
    line = "kept: safety, field label: 'Safety by design' stays, the file says 'Safety'"
    assert line in told(files)


def test_new_rows_may_stand_in_any_order(files):
    rewrite(files, MEMBERS, ALBANIA, f"AAA-BB,government,Europe,own,AAA,AAA,,,0,0\n{ALBANIA}")
    rewrite(files, MEMBERS, ALBANIA, f"{ALBANIA}\nAAA,government,Europe,own,,,,,0,0")
    assert "added 2: AAA-BB, AAA" in told(files)
    assert Member.objects.get(code="AAA-BB").part_of.code == "AAA"


def test_a_clause_gets_the_themes_of_its_file_and_keeps_those_given_here(files):
    def retheme(document):
        for clause in document["clauses"][:2]:
            clause["themes"] = ["research"]

    edited = Commitment.objects.get(reference="2012-T2")
    edited.themes.add(Theme.objects.get(code="victims"))
    edit(files, CLAUSES, retheme)
    lines = told(files)
    assert "changed 1: 2012-T1 (themes)" in lines
    assert "kept: 2012-T2, field themes: ['law_enforcement', 'victims'] stays" in lines
    assert [t.code for t in Commitment.objects.get(reference="2012-T1").themes.all()] == [
        "research"
    ]


BAD = [
    # An unknown code.
    (MEMBERS, "GBR,GBR", "GBX,GBR", "row 23 (GB-EAW), field part_of: 'GBX' is not among the mem"),
    (NAMES, "ALB,Albania,", "ALX,Albania,", "row 2 (ALX / - / Albania), field member: 'ALX' is"),
    (NAMES, "ALB,Albania,", ",Albania,", "row 2, field member: this must be given"),
    (LINEAGE, "2015,2014-GOV", "2015,2013-GOV", "field target: '2013-GOV' is not among the stat"),
    (LINEAGE, "2012-S2a,2012-S1", "2012-S2a,2012-S9", "'2012-S9' is not among the commitments"),
    (SIGNATURES, "Austria", "Austira", "field name_as_printed: 'AUT / 2012 / Austira' is not"),
    # A malformed date, number, choice or code.
    (CYCLES, "2028-07-01", "1 July 2028", "row 9, field due_on: '1 July 2028' is not a day"),
    (CYCLES, "2028-07-01", "2028-06-31", "field due_on: '2028-06-31' is not a day written as"),
    (CYCLES, "2028-07-01", "20280701", "field due_on: '20280701' is not a day written as"),
    (CYCLES, "2028-07-01", "2027-07-01", "field due_on: 2027-07-01 is not after opens_on 2028"),
    (CYCLES, "2028,", "28,", "row 9, field code: '28' is not written as such a code is"),
    (SIGNATURES, "05,true", "05,yes", "row 2, field signed_on_inferred: 'yes' is neither true"),
    (MEMBERS, ",10,8", ",1O,8", "row 2, field tile_column: '1O' is not a whole number"),
    (MEMBERS, ",10,8", ",99999,8", "row 2, field tile_column: Ensure this value is less than"),
    (MEMBERS, ALBANIA, ALBANIA.replace("government", "state"), "field kind: Value 'state' is not"),
    (MEMBERS, "ALB,government", "ALB ,government", "row 2, field code: there is white space at"),
    (PLACES, ",1958-01-01,,", ",1958-01-01,1957-01-01,", "until: 1957-01-01 is before since 19"),
    # The shape of a table.
    (MEMBERS, "code,kind,region,", "code,region,kind ,", "row 1, field kind: this column is mis"),
    (MEMBERS, "code,kind", "code,colour,kind", "row 1, field colour: unknown column"),
    (MEMBERS, "code,kind", "code,kind,kind", "row 1, field kind: this column stands there twice"),
    (MEMBERS, ALBANIA, ALBANIA + ",9", "row 2: 11 fields where the header has 10"),
    (MEMBERS, ALBANIA, f"{ALBANIA}\n{ALBANIA}", "row 3 (ALB), field code: the same code as in row"),
    (NAMES, "ALB,Albania", 'ALB,"Albania', "names.csv: "),
    # Characters that no text may hold.
    (NAMES, "ALB,Albania", "ALB,Alb\x00ania", "row 2, field text: The text holds a character"),
    (NAMES, "ALB,Albania", "ALB,Alb\u202eania", "character that cannot be stored (U+202E)"),
    (NAMES, "ALB,Albania", 'ALB,"Alb\nania"', "row 2, field text: a single line should stand"),
    # The shape of a document.
    (CLAUSES, '"blocks"', '"blocks', "2012.json: "),
    (CLAUSES, '"blocks"', '"blocs"', "field blocks: this field is missing"),
    (CLAUSES, '"duty"', '"dutty"', "clause 1 (2012-T1), field dutty: unknown field"),
    (CLAUSES, '"duty": "individual"', '"duty": 1', "(2012-T1), field duty: a text should stand"),
    (CLAUSES, '"duty": "individual"', '"duty": "shared"', "field duty: Value 'shared' is not a"),
    (CLAUSES, '"every_months": 12', '"every_months": "12 "', "every_months: '12 ' is not a whole"),
    (CLAUSES, '"every_months": 12', '"every_months": true', "every_months: True is not a whole"),
    (CLAUSES, '"every_months": 12', '"every_months": NaN', "NaN is no value of this file"),
    (CLAUSES, '"due_precision": "day"', '"due_precision": null', "due_precision: goes with due_"),
    (CLAUSES, '"parent": "2012-S2"', '"parent": "2015-N"', "parent: 2015-N is no clause of 2012"),
    (CLAUSES, '"clause": "2012-T1"', '"clause": "2012-T2"', "the blocks do not name each clause"),
    (CLAUSES, '"clause": "2012-T1"', '"part": "2012-T1"', "a block is a clause, or a passage"),
    (CLAUSES, '"passage": "title"', '"passage": "ode"', "block 1, field kind: Value"),
    (STATEMENTS, '"code": "2012"', '"code": "2013"', "2013.json: No such file"),
    (STATEMENTS, '"code": "2012"', '"code": "../2012"', "field code: '../2012' is not written"),
    (STATEMENTS, '"place"', '"code": "2012", "place"', "field 'code' stands twice in one object"),
    (THEMES, '"Prevention"', '"\\ud800"', "field label: The text holds a character that"),
    (THEMES, '"Prevention"', "1e999", "field label: a text should stand here, not inf"),
    (THEMES, "[", "{", "themes.json: "),
    (THEMES, "[", "[[" + "[" * 100_000, "themes.json: "),
]


@pytest.mark.parametrize(("file", "old", "new", "problem"), BAD)
def test_a_bad_file_is_refused_whole_and_names_the_place(files, file, old, new, problem):
    rewrite(files, file, old, new)
    rewrite(files, MEMBERS, ",21,11", ",20,11")  # a good change that must not be stored either
    before = version()
    with pytest.raises(Refused) as refused:
        load(DATASETS, files)
    lines = refused.value.problems
    assert any(file in line or "json" in file for line in lines), lines
    assert any(problem in line for line in lines), lines
    assert version() == before
    assert Member.objects.get(code="AUS").tile_column == 21


ODD = ['"', ",", "\n", "\x00", "{", "[", "]", "null", "true", "-1", "1e9", " ", "\u202e", "{}", ""]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([MEMBERS, NAMES, CLAUSES, STATEMENTS, SIGNATURES]), st.data())
def test_whatever_stands_in_a_file_is_loaded_or_refused(files, file, data):
    """Anything put anywhere into a file: never an error of ours, never a part of a load."""
    good = (files / file).read_text(encoding="utf-8")
    begins = data.draw(st.integers(0, len(good) - 1))
    ends = begins + data.draw(st.integers(0, 20))
    bad = good[:begins] + data.draw(st.sampled_from(ODD)) + good[ends:]
    (files / file).write_text(bad, encoding="utf-8")
    before = version()
    try:
        with transaction.atomic():
            load(DATASETS, files)
            transaction.set_rollback(True)
    except Refused as refused:
        assert refused.problems
        assert version() == before
    finally:
        (files / file).write_text(good, encoding="utf-8")


def test_a_file_in_another_encoding_is_refused(files):
    (files / NAMES).write_bytes("member,text\nALB,Alb\u00e1nia".encode("latin-1"))
    with pytest.raises(Refused, match=r"names.csv: byte 19 is not UTF-8"):
        load(DATASETS, files)


def test_an_empty_file_is_refused(files):
    (files / CYCLES).write_text("")
    with pytest.raises(Refused, match=r"cycles.csv, row 1, field code: this column is missing"):
        load(DATASETS, files)


def test_a_missing_file_is_refused(files):
    (files / CYCLES).unlink()
    with pytest.raises(Refused, match=r"cycles.csv: No such file"):
        load(DATASETS, files)


def test_all_that_is_wrong_is_told_at_once_but_not_without_end(files):
    rewrite(files, MEMBERS, ",government,", ",state,", times=1000)
    rewrite(files, CYCLES, "2028-07-01", "soon")
    with pytest.raises(CommandError) as refused:
        told(files)
    lines = str(refused.value).splitlines()
    assert lines[0] == "Nothing was loaded."
    assert len(lines) == 1 + 50 + 1
    assert lines[-1].endswith("more")


def test_members_that_stand_under_one_another_are_refused(files):
    rewrite(files, MEMBERS, ALBANIA, "AAA,government,Europe,own,BBB,,,,0,0\n" + ALBANIA)
    rewrite(files, MEMBERS, ALBANIA, "BBB,government,Europe,own,AAA,,,,0,0\n" + ALBANIA)
    with pytest.raises(Refused, match="in a circle: AAA, BBB"):
        load(DATASETS, files)


def test_what_the_database_refuses_is_refused_whole(files):
    """A new clause of the file where staff have placed one of their own."""

    def add_a_clause(document):
        document["clauses"].append(document["clauses"][-1] | {"reference": "2022-TF-F8"})
        document["blocks"].append({"clause": "2022-TF-F8"})

    theirs = Commitment.objects.get(reference="2022-TF-F7")
    theirs.pk, theirs.reference, theirs.position = None, "2022-TF-X1", 8
    theirs.save(force_insert=True)
    edit(files, "commitments/data/2022-TF.json", add_a_clause)
    rewrite(files, MEMBERS, ",21,11", ",20,11")
    with pytest.raises(Refused, match="The database refuses these rows: duplicate key"):
        load(DATASETS, files)
    assert Member.objects.get(code="AUS").tile_column == 21


def test_two_runs_at_once_follow_one_another(files, fresh_database, django_db_blocker):
    edit(files, THEMES, lambda themes: themes.append({"code": "safety", "label": "Safety"}))
    added: list[list[str]] = []

    def run():
        with django_db_blocker.unblock():
            added.append([key for outcome in load(DATASETS, files) for key in outcome.added])
            connections.close_all()

    with psycopg2.connect(fresh_database.url) as first:
        first.cursor().execute("SELECT pg_advisory_xact_lock(hashtextextended('registry', 0))")
        threads = [threading.Thread(target=run, daemon=True) for _ in range(2)]
        for thread in threads:
            thread.start()
        threads[0].join(1.5)
        assert added == []
    first.close()
    for thread in threads:
        thread.join(30)
    assert sorted(added) == [[], ["safety"]]


def test_an_edit_that_is_saved_while_a_run_is_under_way_is_kept(
    files, fresh_database, django_db_blocker
):
    rewrite(files, MEMBERS, ALBANIA, ALBANIA.replace("10,8", "11,8"))
    kept: list[Kept] = []

    def run():
        with django_db_blocker.unblock():
            kept.extend(each for outcome in load(DATASETS, files) for each in outcome.kept)
            connections.close_all()

    with psycopg2.connect(fresh_database.url) as staff, staff.cursor() as cursor:
        cursor.execute("UPDATE members_member SET tile_column = 3 WHERE code = 'ALB'")
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(1.5)
        assert thread.is_alive()  # it waits for the edit
    staff.close()
    thread.join(30)
    assert kept == [Kept("ALB", "tile_column", 11, 3)]
    with psycopg2.connect(fresh_database.url) as after, after.cursor() as cursor:
        cursor.execute("SELECT tile_column FROM members_member WHERE code = 'ALB'")
        assert cursor.fetchone() == (3,)
    after.close()
