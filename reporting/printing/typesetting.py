"""From the matter of a report to the bytes of its PDF."""

import datetime as dt
import importlib
import json
from functools import cache
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).with_name("report.typ")
# The faces come in wheels, so that a report looks the same on every machine.
FACES = ("fontpkg_noto_sans", "justmytype_intl_rtl", "noto_cjk_sans_otc")
STANDARD = "ua-1"  # tagged for screen readers; refuses a picture without words or a missing glyph


def pdf(matter: dict[str, Any], *, at: dt.datetime) -> bytes:
    """The report, tagged as PDF/UA-1. The same matter and moment give the same bytes.

    Raises typst.TypstError where the standard cannot be kept.
    """
    made = _compiler().compile(
        format="pdf",
        sys_inputs={"data": json.dumps(matter, ensure_ascii=False)},
        pdf_standards=[STANDARD],
        timestamp=at.replace(microsecond=0),
    )
    return bytes(made)


@cache
def _compiler() -> Any:
    """One for the process: reading the faces takes longer than setting a report."""
    import typst

    return typst.Compiler(
        input=TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=[Path(importlib.import_module(name).__file__ or "").parent for name in FACES],
        ignore_system_fonts=True,
    )
