"""The demonstration: invented reports over the real register, marked as synthetic everywhere."""

from .making import Made, make

__all__ = ["Made", "make"]
