"""Write docs/access.md, the page of who may do what, from the views and the stated exceptions.

python -m tests.house.access_page    (a test sees to it that the page is as the code is)
"""

from itertools import groupby
from pathlib import Path

from portal.app import create_app
from portal.config import Settings
from portal.core.access import Part
from tests.house.states import EXCEPTIONS, STATES

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
COLUMNS = {
    Part.ANYONE: "anyone",
    Part.VILLAGER: "villager",
    Part.HOUSEHOLD_REP: "speaks for household",
    Part.GRID_WORKER: "grid worker",
    Part.COMMITTEE: "committee",
    Part.HEAD: "head",
    Part.SUPERVISOR: "supervisor",
    Part.PLANNER: "planner",
    Part.AUDITOR: "auditor",
    Part.ADMIN: "administrator",
    Part.OPERATOR: "operator",
}
INTRODUCTION = """# Who may do what

Made from the code by `python -m tests.house.access_page`; a test fails when it is not as the code is.
`tests/house/access.txt` states the same apart from the code, and `tests/house/test_access.py` tries
every route and method with everybody, in every state of the thing it is about.

* Without a ● the door is shut: strangers are led to the sign-in, everybody else is refused (403).
* **anyone** needs no sign-in; pages about oneself ask for it themselves, and show nobody else's.
* A **villager** is somebody matched to the village's roster. Whoever is signed in and on no roster
  reads, and may ask to be recognised: they post, vote and earn nothing. The head is one of the
  committee. Posts of a region count in all villages below it, while their term runs; posts that need
  a second proof open nothing before it was shown.
* **for another**: open to whoever enters something for somebody else before a witness; all other
  pages are shut to them meanwhile.
* **when**: the states of the thing in which the answer differs. In *other village* and *nowhere* it is
  never there, for anybody.
"""


def routes(app):
    """Return (feature, address, method, view) of every route, by feature and address."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                address = rule.rule.replace("/v/<village_code>", "") or "/"
                found.append((rule.endpoint.partition(".")[0], address, method, rule))
    return sorted(found, key=lambda route: route[:3])


def states_of(rule) -> list[str]:
    """Return the states in which an answer differs from the row's."""
    names = sorted(rule.arguments - {"village_code"})
    states = STATES.get((rule.endpoint, *names)) or STATES.get(tuple(names)) or {"": None}
    usual = {"other village", "nowhere", "no such kind", "part of another"}
    return [
        state for state in states if (rule.endpoint, state) in EXCEPTIONS and state not in usual
    ]


def page(app) -> str:
    """Return the whole page."""
    head = ["what", *COLUMNS.values(), "for another", "when"]
    lines = [INTRODUCTION]
    for feature, group in groupby(routes(app), key=lambda route: route[0]):
        lines += [f"## {feature}", "", f"| {' | '.join(head)} |"]
        lines.append("|---" + "|:-:" * (len(head) - 2) + "|---|")
        for _feature, address, method, rule in group:
            view = app.view_functions[rule.endpoint]
            what = (view.__doc__ or "").strip().splitlines()[0]
            cells = ["●" if part in view.open_to else "" for part in COLUMNS]
            when = ", ".join(state or "it depends on who asks" for state in states_of(rule))
            shown = address.replace("<", "‹").replace(">", "›").replace("|", "\\|")
            cells = [f"{what}<br>`{method} {shown}`", *cells, "●" if view.on_behalf else "", when]
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def made() -> str:
    """Return the page of the portal as it is."""
    return page(create_app(Settings(database_url="sqlite://", secret_key="for the page")))


if __name__ == "__main__":
    PAGE.write_text(made())
