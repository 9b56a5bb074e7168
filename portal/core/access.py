"""Who may call which view: the one policy, and it denies by default."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import abort, g, redirect, request, url_for

View = Callable[..., Any]


class Part(enum.StrEnum):
    """A part somebody plays in a village. One person can play several."""

    ANYONE = "anyone"
    VILLAGER = "villager"
    HOUSEHOLD_REP = "household-representative"
    COMMITTEE = "committee"
    HEAD = "committee-head"
    GRID_WORKER = "grid-worker"
    PLANNER = "planner"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMIN = "administrator"
    OPERATOR = "operator"


STAFF = (
    Part.COMMITTEE,
    Part.HEAD,
    Part.GRID_WORKER,
    Part.PLANNER,
    Part.SUPERVISOR,
    Part.AUDITOR,
    Part.ADMIN,
    Part.OPERATOR,
)


@dataclass(frozen=True)
class Viewer:
    """Who is asking. `parts` are those played in the village of the page, none elsewhere.

    `village_id` is where the account is at home. During a sitting (`sitting_id`) the resident is
    the one for whom things are entered; `account_id` and `name` stay those of the helper.
    `waits_for` are the parts that open once a second factor was shown.
    `unread` counts their messages of the page's village that they have not opened.
    `must_end_sitting`: it is over, and until the helper says so, they play no part at all, so that
    a form of the sitting never counts as theirs.
    `is_shut`: they have an authenticator app, and did not show it in this session yet.
    """

    account_id: int
    village_id: int
    resident_id: int | None
    household_id: int | None
    name: str
    parts: frozenset[Part]
    group_id: int | None = None
    session_id: int | None = None
    language: str = "zh_Hans"
    is_strong: bool = False
    waits_for: frozenset[Part] = frozenset()
    sitting_id: int | None = None
    must_end_sitting: bool = False
    unread: int = 0
    is_shut: bool = False

    @property
    def owes_proof(self) -> bool:
        """Tell whether a second proof comes first, and until then they play no part here at all."""
        return self.is_shut or bool(self.waits_for and not self.parts)

    @property
    def is_staff(self) -> bool:
        """Tell whether this person works for the village in any part."""
        return bool(self.parts & frozenset(STAFF))


def may(*parts: Part) -> bool:
    """Tell whether whoever is asking plays one of these parts in this village."""
    if Part.ANYONE in parts:
        return True
    viewer: Viewer | None = g.get("viewer")
    return viewer is not None and bool(viewer.parts & frozenset(parts))


def is_on_behalf() -> bool:
    """Tell whether whoever is asking enters things for somebody else."""
    viewer: Viewer | None = g.get("viewer")
    return viewer is not None and viewer.sitting_id is not None


def heed_only_proven(view: View | None) -> None:
    """Take whoever still owes a second proof for nobody, but where they show it or set it up.

    Called once for each request, before anything else asks who it is: no page has to think of it.
    """
    viewer: Viewer | None = g.viewer
    if viewer is not None and viewer.owes_proof and not getattr(view, "unproven", False):
        g.viewer, g.owes_proof = None, True


def requires(
    *parts: Part, on_behalf: bool = False, unproven: bool = False
) -> Callable[[View], View]:
    """Open the view to these parts only. Strangers are led to the sign-in, others refused.

    Whoever plays such a part once a second factor was shown is led to show it.

    Who enters things for somebody else gets only to the views that say `on_behalf`; who still owes
    a second proof is known only to the views that say `unproven`.
    """
    if not parts:
        raise ValueError("say who may call this view; everyone is Part.ANYONE")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not on_behalf and is_on_behalf():
                abort(403)
            if not may(*parts):
                viewer: Viewer | None = g.get("viewer")
                g.is_factor_missing = g.get("owes_proof", False) or (
                    viewer is not None and bool(viewer.waits_for & frozenset(parts))
                )
                if request.method == "GET" and g.get("village"):
                    here = request.full_path.rstrip("?")
                    if g.is_factor_missing:
                        return redirect(url_for("sign_in.second", next=here))
                    if viewer is None:
                        return redirect(url_for("sign_in.index", next=here))
                abort(403 if viewer is not None or g.is_factor_missing else 401)
            return view(*args, **kwargs)

        guarded.open_to = frozenset(parts)  # type: ignore[attr-defined]  # read by tests/house
        guarded.unproven = unproven  # type: ignore[attr-defined]  # read by heed_only_proven
        guarded.on_behalf = on_behalf  # type: ignore[attr-defined]  # read by tests/house
        return guarded

    return decorate


def in_region(view: View) -> View:
    """Keep villages out of a view for regions: they have pages of their own."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if g.village.is_village:
            abort(404)
        return view(*args, **kwargs)

    return guarded
