"""What a resource of the API is: rows with a natural key, filters, and a day they hold on."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.serializers import Serializer

from ..filters import DatedFilterSet
from .parameters import Moment
from .problems import Fault, Refused

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
    """

    name: ClassVar[str]
    about: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    item: ClassVar[str | None] = None
    dated: ClassVar[bool] = False
    filters: ClassVar[type[DatedFilterSet] | None] = None
    row: ClassVar[type[Serializer]]

    def found(self, moment: Moment) -> QuerySet:
        """All that there is at the moment, in any order."""
        raise NotImplementedError

    def rows(self, objects: Sequence[Any], moment: Moment) -> list[Row]:
        """The rows of these objects, by a number of queries that does not grow with them."""
        raise NotImplementedError

    def key_of(self, thing: Any) -> list[Any]:
        """The values of `key` on one object."""
        return [_follow(thing, name) for name in self.key]

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

    @classmethod
    def filter_names(cls) -> list[str]:
        return list(cls.filters.base_filters) if cls.filters else []


def _follow(thing: Any, lookup: str) -> Any:
    for name in lookup.split("__"):
        thing = getattr(thing, name)
    return thing
