"""The thousands of squares of the matrix are drawn in Python as the template would draw them."""

from typing import Any

from django.template.loader import render_to_string

from members.templatetags.look import STATUS_WORDS
from reporting.views.public.matrix import _drawn, _squares

STATUSES = [None, *STATUS_WORDS]


def drawn(**row: Any) -> str:
    rows = [{"name": "Member & Co", "url": "/members/M/", **row}]
    context = {"label": "Table", "columns": [], "rows": rows}
    return render_to_string("components/_heat.html", context)


def test_each_square_is_the_one_that_the_template_draws() -> None:
    order = [(f"C{n}", n % 2 == 1) for n in range(2 * len(STATUSES))]
    said = {
        ("M", reference): STATUSES[n // 2]
        for n, (reference, _gap) in enumerate(order)
        if STATUSES[n // 2]
    }
    cells = [{"status": said.get(("M", reference)), "gap": gap} for reference, gap in order]
    by_python = drawn(drawn=_drawn("M", order, said, _squares()))
    assert by_python == drawn(cells=cells)
    assert by_python.count("<td class=") == len(order) + 1
