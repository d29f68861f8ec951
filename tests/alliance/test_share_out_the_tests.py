"""Tests of one group are dealt to one worker, whatever file they stand in."""

from tests.scheduling import ROOT, ByGroup, group_of

MARK = "mark.xdist_group("


def test_every_file_that_carries_the_mark_is_in_its_group():
    here = {str(p.relative_to(ROOT)): p.read_text() for p in (ROOT / "tests").rglob("test_*.py")}
    marked = [file for file, text in here.items() if MARK in text and not __file__.endswith(file)]
    assert len(marked) >= 3
    assert all(group_of(file) for file in marked)


def test_a_group_is_one_piece_of_work_and_other_tests_are_dealt_one_by_one():
    def piece(nodeid: str) -> str:
        return ByGroup._split_scope(None, nodeid)

    run = "tests/alliance/test_run_all.py::test_a[x::y]"
    journey = "tests/journey/test_whole_job.py::test_b"
    assert piece(run) == piece(journey) == "run_all"
    single = "tests/commitments/test_deadlines.py::test_c"
    assert piece(single) == single
