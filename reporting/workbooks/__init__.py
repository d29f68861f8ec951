"""A report as a workbook: written for colleagues offline, read back, and compared.

Nothing here saves an answer or keeps a file (docs/decisions/workbooks.md).
"""

from .bounds import MOST_BYTES, Refused
from .carrying import Expired, packed, unpacked
from .comparing import Compared, compared, seen_before
from .figures import Figure, compared_years, years_again
from .reading import Returned, read
from .tables import table_as_csv
from .writing import MEDIA_TYPE, written

__all__ = [
    "MEDIA_TYPE",
    "MOST_BYTES",
    "Compared",
    "Expired",
    "Figure",
    "Refused",
    "Returned",
    "compared",
    "compared_years",
    "packed",
    "read",
    "seen_before",
    "table_as_csv",
    "unpacked",
    "written",
    "years_again",
]
