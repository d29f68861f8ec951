"""Who gets which answer, written by hand: a profile names an outcome for each of the cast.

allow   the page, a redirect on, or a complaint about what was sent (200, 3xx, 400, 409)
hide    404 or 410, as if there were nothing
deny    403
login   on to the sign-in page
405     the method is not taken

`routes.csv` names a profile for each route and method. `405:` before a profile's name means: the
same persons, but the method is not taken from those who may come in.
"""

EVERYONE = (
    *("visitor", "disabled", "former", "analyst", "outsider", "contributor", "focal_point"),
    *("reviewer", "editor", "administrator"),
)
OUTSIDE = {"visitor": "login", "disabled": "login"}
STAFF_HIDE = dict.fromkeys(("reviewer", "editor", "administrator"), "hide")


def _only(*allowed: str, otherwise: str = "deny", **special: str) -> dict[str, str]:
    """`allow` for those named, the sign-in page for those outside, `otherwise` for the rest."""
    rest = dict.fromkeys(EVERYONE, otherwise)
    return rest | OUTSIDE | dict.fromkeys(allowed, "allow") | special


PROFILES: dict[str, dict[str, str]] = {
    # Everyone, signed in or not.
    "public": dict.fromkeys(EVERYONE, "allow"),
    # Nobody: the page is there only in the demonstration, and the tests run without it.
    "demonstration": dict.fromkeys(EVERYONE, "hide"),
    # There is nothing at this address for anybody.
    "nothing": dict.fromkeys(EVERYONE, "hide"),
    # Everyone; without a worker, which the tests do not have, the answer is "not ready".
    "readiness": dict.fromkeys(EVERYONE, "503"),
    # Everyone with an account that is not disabled.
    "signed-in": _only(*(kind for kind in EVERYONE if kind not in OUTSIDE)),
    # Signed in, but there is nothing to show to this cast.
    "signed-in-nothing": _only(otherwise="hide"),
    # Whoever holds a role today.
    "with-a-role": _only(
        *("analyst", "contributor", "focal_point", "outsider"),
        *("reviewer", "editor", "administrator"),
    ),
    # As before, but there is nothing to show to this cast.
    "with-a-role-nothing": _only(otherwise="hide", former="deny"),
    # Whoever writes for some member.
    "writers": _only("contributor", "focal_point", "outsider"),
    # Whoever writes, for a member or in the secretariat.
    "may-write": _only(
        *("contributor", "focal_point", "outsider", "reviewer", "editor", "administrator")
    ),
    # The people of one member; another member's report is not there for them.
    "own-member": _only("contributor", "focal_point", outsider="hide"),
    # As before; staff may come in, but enter no report here.
    "own-or-entered": _only("contributor", "focal_point", outsider="hide", **STAFF_HIDE),
    "own-focal-point-or-entered": _only("focal_point", outsider="hide", **STAFF_HIDE),
    # The focal point of one member.
    "own-focal-point": _only("focal_point", outsider="hide"),
    # As before, but there is nothing to show to this cast.
    "own-focal-point-nothing": _only(focal_point="hide", outsider="hide"),
    # The focal points of all members.
    "focal-points": _only("focal_point", "outsider"),
    # Staff.
    "secretariat": _only("reviewer", "editor", "administrator"),
    # Staff may come in, but there is nothing to show to this cast.
    "secretariat-nothing": _only(reviewer="hide", editor="hide", administrator="hide"),
    "reviewer": _only("reviewer"),
    "publishers": _only("reviewer", "administrator"),
    "people": _only("editor", "administrator"),
    "reference-data": _only("editor", "administrator"),
    "administrator": _only("administrator"),
}


def outcomes(name: str) -> dict[str, str]:
    """The outcome for each of the cast under this profile."""
    if not name.startswith("405:"):
        return PROFILES[name]
    same = PROFILES[name.removeprefix("405:")]
    return {kind: "405" if outcome == "allow" else outcome for kind, outcome in same.items()}
