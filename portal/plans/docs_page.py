"""docs/phases.md, made of the tables: `python -m portal.plans.docs_page > docs/phases.md`."""

from portal.plans.life import WAYS, By
from portal.plans.phases import MAY, PARTS, PHASE_OF

_HEAD = """# The phases of a plan, and who may do what

Made by `python -m portal.plans.docs_page` from `portal/plans/phases.py` and `portal/plans/life.py`;
a test keeps it current. What anybody may do, everybody may; a head of the committee is of the
committee too. Whatever is not here is refused.

## Phase × part
"""
_BY = {By.EDITORS: "committee, planner, administrator", By.COMMITTEE: "committee, administrator"}


def phases_page() -> str:
    """Return the page."""
    lines = [_HEAD, "| Phase | States | " + " | ".join(part.value for part in PARTS) + " |"]
    lines.append("|" + "---|" * (len(PARTS) + 2))
    for phase, table in MAY.items():
        states = ", ".join(f"`{state}`" for state, of in PHASE_OF.items() if of is phase)
        cells = [", ".join(deed.value for deed in table.get(part, ())) or "–" for part in PARTS]
        lines.append(f"| {phase.value} | {states} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "## Steps",
        "",
        "| From | Step | To | Who | What it asks for |",
        "|---|---|---|---|---|",
    ]
    for (state, step), way in WAYS.items():
        who = _BY.get(way.by, "the clock, the law, or an import")
        needs = ", ".join(need.value for need in way.needs) or "–"
        lines.append(f"| `{state}` | {step.value} | `{way.to}` | {who} | {needs} |")
    lines += ["", f"{len(MAY)} phases, {len(WAYS)} ways."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(phases_page(), end="")
