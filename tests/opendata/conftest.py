"""What an analyst finds: the registry, and published rows beside it."""

from tests.api.conftest import _no_limit, published

__all__ = ["_no_limit", "published"]
