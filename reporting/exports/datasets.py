"""The columns of every dataset, by its name."""

from ..summaries.columns import FIGURES
from ..tables import measured, register, reported
from ..tables.columns import Column

DATASETS: dict[str, list[Column]] = {
    "statements": register.STATEMENTS,
    "commitments": register.COMMITMENTS,
    "members": register.MEMBERS,
    "signatures": register.SIGNATURES,
    "obligations": register.OBLIGATIONS,
    "cycles": reported.CYCLES,
    "reports": reported.REPORTS,
    "progress": reported.PROGRESS,
    "indicators": measured.INDICATORS,
    "observations": measured.OBSERVATIONS,
    "verdicts": measured.VERDICTS,
    "summaries": reported.SUMMARIES,
    "figures": FIGURES,
    "errata": reported.ERRATA,
}
