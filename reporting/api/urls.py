"""The addresses of API version 1: the resources of all apps."""

import json
from pathlib import Path

from commitments.api import RESOURCES as REGISTER
from members.api.views import addresses

from .errata import Errata
from .measured import Indicators, Observations, Verdicts
from .rounds import Cycles
from .stored import Figures, Progress, Reports, Summaries

RESOURCES = [
    *REGISTER,
    Cycles(),
    Reports(),
    Progress(),
    Indicators(),
    Observations(),
    Verdicts(),
    Summaries(),
    Figures(),
    Errata(),
]

EXAMPLES = json.loads(Path(__file__).with_name("examples.json").read_text("utf-8"))

urlpatterns = addresses(RESOURCES, EXAMPLES, beside=["dictionary"])
