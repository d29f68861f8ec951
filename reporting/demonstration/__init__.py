"""The demonstration: invented reports over the real register, marked as synthetic everywhere."""

from .making import Made, NotBesideReports, make

__all__ = ["Made", "NotBesideReports", "make"]
