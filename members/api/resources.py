"""What a resource of the API is: rows with a natural key, filters, and a day they hold on."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from rest_framework.serializers import Serializer

from ..filters import DatedFilterSet
from .parameters import Moment
from .problems import Fault, Refused
from .shape import Inclusion

Row = Any  # a dictionary, or an orjson.Fragment of JSON that was stored as it is served


class Resource:
    """One kind of rows. The pages, the single rows and the schema are all made from this.

    name        its place in the address, `members`
    about       one sentence for the documentation
    key         the lookups of the natural key, in the order of the pages
    item        the lookup that `/<name>/<key>/` is found by, or None without such addresses
    dated       whether it takes as_of
    filters     the FilterSet of its parameters, built only when one is given
    row         a Serializer that describes a row for the schema
    orders      the published columns that rows can be ordered by: lookups, or expressions for
                what can be null or is no column; those of `key` need not be among them
    includes    the rows of other resources that can be given beside a row
    """

    name: ClassVar[str]
    about: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    item: ClassVar[str | None] = None
    dated: ClassVar[bool] = False
    filters: ClassVar[type[DatedFilterSet] | None] = None
    row: ClassVar[type[Serializer]]
    orders: ClassVar[Mapping[str, Any]] = {}
    includes: ClassVar[Mapping[str, Inclusion]] = {}

    def found(self, moment: Moment) -> QuerySet:
        """All that there is at the moment, in any order."""
        raise NotImplementedError

    def known(self, moment: Moment) -> QuerySet:
        """All that rows of other resources may refer to; the found, unless a day narrows them."""
        return self.found(moment)

    def rows(self, objects: Sequence[Any], moment: Moment) -> list[Row]:
        """The rows of these objects, by a number of queries that does not grow with them."""
        raise NotImplementedError

    def opened(self, objects: Sequence[Any], rows: Sequence[Row]) -> Sequence[dict[str, Any]]:
        """The rows as dictionaries."""
        return rows

    def key_of(self, thing: Any) -> list[Any]:
        """The values of `key` on one object."""
        return [_follow(thing, name) for name in self.key]

    def ordered(
        self, found: QuerySet, ordering: str
    ) -> tuple[QuerySet, Sequence[str], Callable[[Any], list[Any]]]:
        """What is found, the lookups that order it so, and what gives their values of an object.

        The natural key follows the column asked for, so that no two rows are equal.
        """
        if not ordering:
            return found, self.key, self.key_of
        order = self.orders[ordering.removeprefix("-")]
        if order in self.key:
            key = (order, *(name for name in self.key if name != order))
            places = [self.key.index(name) for name in key]
            return found, key, lambda thing: [self.key_of(thing)[place] for place in places]
        found = found.annotate(ordered_by=F(order) if isinstance(order, str) else order)
        key = ("ordered_by", *self.key)
        return found, key, lambda thing: [self.ordered_by(thing), *self.key_of(thing)]

    def ordered_by(self, thing: Any) -> Any:
        """The value of the column asked for on an object that `ordered` prepared."""
        return thing.ordered_by

    def is_synthetic(self, objects: Sequence[Any], rows: Sequence[Row]) -> bool:
        """Do these rows carry demonstration data?"""
        return False

    def one(self, key: str, moment: Moment) -> Any:
        """The object at this address. Raises Refused when there is none."""
        thing = self.found(moment).filter(**{str(self.item): key}).first()
        if thing is None:
            detail = f"There is no {key} among the {self.name} on {moment.day}."
            raise Refused(404, Fault("address", "not_found", detail))
        return thing

    def filtered(self, moment: Moment, given: dict[str, str]) -> QuerySet:
        """What is found, narrowed by the filters given. Raises Refused (400) for unknown codes."""
        found = self.found(moment)
        if not given or self.filters is None:
            return found
        filters = self.filters(given, found, day=moment.day, at=moment.at)
        if not filters.is_valid():
            raise Refused(
                400,
                *(
                    Fault(name, error.code or "invalid", f"{name}: {' '.join(error.messages)}")
                    for name, errors in filters.form.errors.as_data().items()
                    for error in errors
                ),
            )
        return filters.qs

    def choices(self) -> dict[str, list[str]]:
        """What `fields`, `include` and `ordering` can choose here; those with nothing are no
        parameters of the resource."""
        given = {
            "fields": fields_of(self.row),
            "include": list(self.includes),
            "ordering": [f"{sign}{name}" for name in self.orders for sign in ("", "-")],
        }
        return {name: known for name, known in given.items() if known}

    def notes(self, given: Mapping[str, str]) -> dict[str, str]:
        """Headers that tell how the filters given were read."""
        return {}

    @classmethod
    def filter_names(cls) -> list[str]:
        return list(cls.filters.base_filters) if cls.filters else []


@cache
def fields_of(row: type[Serializer]) -> list[str]:
    """The names of a row's fields, in their order: a serializer makes all its fields anew."""
    return list(row().fields)


def _follow(thing: Any, lookup: str) -> Any:
    for name in lookup.split("__"):
        thing = getattr(thing, name)
    return thing
