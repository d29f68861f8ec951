"""The time within which a part of the answers came."""

from math import ceil


def quantile(seconds: list[float], part: float) -> float:
    """In milliseconds: the time within which this part was answered; 0 where there was none."""
    ordered = sorted(seconds)
    return ordered[ceil(part * len(ordered)) - 1] * 1000 if ordered else 0.0
