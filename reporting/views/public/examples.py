"""The examples on the page about the API: what to type, and what comes out.

`{site}` stands for the address of the site. A test takes them out of the page, runs each against
a started site and compares what it prints: a sentence here that is not true fails there.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Example:
    """One thing to try: its sentence, and the code in a shell or in Python with its output."""

    code: str
    about: Any
    language: str
    text: str
    prints: str


FIRST = Example(
    "first",
    _("Who stands under the statement of 2012, by code? Paste this into a terminal:"),
    "shell",
    'curl -s "{site}/api/v1/signatures/?statement=2012&member=AUT,BEL" \\\n'
    "  | python3 -m json.tool | grep name_as_printed",
    '            "name_as_printed": "Austria",\n            "name_as_printed": "Belgium",\n',
)
IN_PYTHON = Example(
    "first-python",
    _("The same in Python, without any package:"),
    "python",
    "import json\n"
    "from urllib.request import urlopen\n"
    "\n"
    'SITE = "{site}"\n'
    'with urlopen(f"{{SITE}}/api/v1/signatures/?statement=2012&member=AUT,BEL") as answer:\n'
    "    page = json.load(answer)\n"
    'for row in page["results"]:\n'
    '    print(row["member"], row["signed_on"], row["name_as_printed"])\n',
    "AUT 2012-12-05 Austria\nBEL 2012-12-05 Belgium\n",
)
PAGES = Example(
    "pages",
    _("All rows: follow “next” as it is, until it is null."),
    "python",
    "import json\n"
    "from urllib.request import urlopen\n"
    "\n"
    'url = "{site}/api/v1/obligations/?as_of=2016-01-01&page_size=1000"\n'
    "rows = []\n"
    "while url:\n"
    "    with urlopen(url) as answer:\n"
    "        page = json.load(answer)\n"
    '    rows += page["results"]\n'
    '    url = page["next"]\n'
    'print(len(rows), "obligations of", len({{row["member"] for row in rows}}), "members")\n',
    "2122 obligations of 80 members\n",
)
AS_OF = Example(
    "as-of",
    _("Members of the alliance in the European Union, the day before Croatia joined it and after:"),
    "shell",
    "for day in 2013-06-30 2013-07-01; do\n"
    '  curl -s "{site}/api/v1/exports/members.ndjson?kind=government&group=EU&as_of=$day" | wc -l\n'
    "done",
    "27\n28\n",
)
CHOSEN = Example(
    "chosen",
    _("One field of each row, and beside it the whole row of the member that it names:"),
    "python",
    "import json\n"
    "from urllib.request import urlopen\n"
    "\n"
    'asked = "statement=2012&member=AUT&fields=member&include=member"\n'
    'with urlopen("{site}/api/v1/signatures/?" + asked) as answer:\n'
    '    (row,) = json.load(answer)["results"]\n'
    'print(row["member"], row["included"]["member"]["region"])\n',
    "AUT Europe\n",
)
ORDERED = Example(
    "ordered",
    _("The last three clauses of 2022:"),
    "shell",
    'asked="statement=2022&is_leaf=true&ordering=-position&page_size=3&fields=reference"\n'
    'curl -s "{site}/api/v1/commitments/?$asked" | grep -o "2022-M[0-9]"',
    "2022-M6\n2022-M5\n2022-M4\n",
)
MISSING = Example(
    "missing",
    _("Why is there no figure for the round of 2014? The reason stands in the row:"),
    "python",
    "import json\n"
    "from urllib.request import urlopen\n"
    "\n"
    'with urlopen("{site}/api/v1/cycles/2014/") as answer:\n'
    "    row = json.load(answer)\n"
    'print(row["published"], row["missing"]["published"])\n',
    "None not_collected\n",
)
FILES = Example(
    "files",
    _("The first two columns of the first clauses, as a table:"),
    "shell",
    'curl -s "{site}/api/v1/exports/commitments.csv?statement=2012" | head -n 3 | cut -d , -f 1,2',
    "reference,statement\n2012-G1,2012\n2012-G2,2012\n",
)
FIGURES = Example(
    "figures",
    _("How many reports are expected in the round of 2026? Figures one a row, for a table:"),
    "shell",
    'curl -s "{site}/api/v1/exports/figures.csv?scope=cycle-2026&figure=expected" \\\n'
    "  | cut -d , -f 5,8,10,12",
    "kind,numerator,denominator,out_of\ncivil_society,10,10,members\ngovernment,70,70,members\n"
    "intergovernmental,4,4,members\n",
)
AGAIN = Example(
    "again",
    _("Ask whether something changed since you fetched it: 304 means that it has not."),
    "shell",
    'etag=$(curl -sI "{site}/api/v1/statements/" | tr -d "\\r" | sed -n "s/^ETag: //p")\n'
    'curl -s -o /dev/null -w "%{{http_code}}\\n" -H "If-None-Match: $etag" \\\n'
    '  "{site}/api/v1/statements/"',
    "304\n",
)
REFUSED = Example(
    "refused",
    _("Each error names its field and has a code for programs:"),
    "python",
    "import json\n"
    "from urllib.error import HTTPError\n"
    "from urllib.request import urlopen\n"
    "\n"
    "try:\n"
    '    urlopen("{site}/api/v1/members/?colour=blue")\n'
    "except HTTPError as error:\n"
    '    for fault in json.load(error)["errors"]:\n'
    '        print(error.code, fault["field"], fault["code"])\n',
    "400 colour unknown_parameter\n",
)
EXAMPLES = [FIRST, IN_PYTHON, PAGES, AS_OF, CHOSEN, ORDERED, MISSING, FILES, FIGURES]
EXAMPLES += [AGAIN, REFUSED]


def examples(site: str) -> dict[str, dict[str, Any]]:
    """Every example by its code, with the address of the site in it."""
    return {
        one.code.replace("-", "_"): {
            "code": one.code,
            "about": one.about,
            "language": one.language,
            "text": one.text.format(site=site).rstrip("\n"),
            "prints": one.prints,
        }
        for one in EXAMPLES
    }
