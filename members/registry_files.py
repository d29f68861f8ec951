"""The data files of the members: who they are, their names, and the groups they form."""

from collections.abc import Iterable, Iterator

from django.conf import settings

from .loading import Column, Dataset, Files, Record
from .loading.datasets import Row
from .models import Group, GroupMember, Member, Name

MEMBER_CODE = r"[A-Z]{2,8}(-[A-Z]{2,4})?"


def ends_after_it_begins(row: Row, since: str, until: str) -> Iterator[tuple[str, str]]:
    """The problem of a period that ends before it begins."""
    begins, ends = row.values[since], row.values[until]
    if begins and ends and ends < begins:
        yield until, f"{ends} is before {since} {begins}"


class Members(Dataset):
    name, file, model, key = "members", "members/data/members.csv", Member, ("code",)
    columns = [
        Column("code", pattern=MEMBER_CODE),
        Column("kind"),
        Column("region"),
        Column("region_source"),
        Column("part_of", refers_to="members", path="part_of__code", optional=True),
        Column("reports_through", refers_to="members", path="reports_through__code", optional=True),
        Column("joined_on"),
        Column("left_on"),
        Column("tile_column"),
        Column("tile_row"),
        Column("note", filled=True),
    ]

    def records(self, files: Files) -> Iterable[Record]:
        for record in super().records(files):
            note = settings.NOTES_ON_NAMES.get(record.fields["code"], "")
            yield Record(record.file, record.place, record.fields | {"note": note})

    def check(self, row: Row) -> Iterator[tuple[str, str]]:
        yield from ends_after_it_begins(row, "joined_on", "left_on")
        for field in ("part_of", "reports_through"):
            if row.values[field] == row.values["code"]:
                yield field, "a member cannot stand under itself"


class Names(Dataset):
    name, file, model = "names", "members/data/names.csv", Name
    key = ("member", "statement", "text")
    columns = [
        Column("member", refers_to="members", path="member__code"),
        Column("text"),
        Column("statement"),
        Column("source"),
        Column("since"),
    ]


class Groups(Dataset):
    name, file, model, key = "groups", "members/data/groups.csv", Group, ("code",)
    columns = [Column("code", pattern=r"[A-Za-z]+"), Column("name")]


class Places(Dataset):
    name, file, model = "group_members", "members/data/group_members.csv", GroupMember
    key = ("group", "member", "role", "since")
    columns = [
        Column("group", refers_to="groups", path="group__code"),
        Column("member", refers_to="members", path="member__code"),
        Column("role"),
        Column("since"),
        Column("until"),
        Column("source"),
    ]

    def check(self, row: Row) -> Iterator[tuple[str, str]]:
        yield from ends_after_it_begins(row, "since", "until")


DATASETS = [Members(), Names(), Groups(), Places()]
