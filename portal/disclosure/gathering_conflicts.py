"""Facts about spatial conflicts for documents: the sums of the latest check, and every patch."""

from decimal import Decimal

from portal.analysis import service as analysis
from portal.analysis.rules import BENCHMARK, SETTLED, ConflictState
from portal.core import clock
from portal.disclosure.contents_checks import Conflict, ConflictTable
from portal.disclosure.contents_plan import CheckSummary, PairCheck
from portal.disclosure.figures import number_words
from portal.disclosure.gathering import Place, head_of
from portal.disclosure.rules import DocKind
from portal.plans import service as plans

HECTARE = 10_000
CENT = Decimal("0.01")


def check_summary(version_id: int) -> CheckSummary | None:
    """Return what the latest check for conflicts found, or None before the first."""
    register = analysis.find_register(version_id)
    if register is None:
        return None
    counts = analysis.count_conflicts(version_id)
    settled = sum(n for (state, _), n in counts.items() if state in SETTLED)

    def count(state: ConflictState) -> int:
        return sum(n for (known, _), n in counts.items() if known is state)

    return CheckSummary(
        checked_on=clock.today(register.checked_at),
        patches=register.patches,
        conflicting=register.conflicting,
        ratio=number_words(register.ratio),
        benchmark=str(BENCHMARK),
        area_ha=_hectares(register.overlap_m2),
        pairs=tuple(
            PairCheck(
                first=first,
                second=second,
                patches=patches,
                conflicting=conflicting,
                area_ha=_hectares(overlap),
            )
            for first, second, patches, conflicting, overlap in register.pairs
        ),
        open=count(ConflictState.OPEN),
        agreed=count(ConflictState.AGREED),
        settled=settled,
    )


def gather_conflicts(version_id: int, *, place: Place) -> ConflictTable:
    """Return the table of conflicts of a version (kind J)."""
    version = plans.get_version(version_id)
    register, summary = analysis.find_register(version_id), check_summary(version_id)
    if register is None or summary is None:
        raise LookupError(f"version {version_id} was never checked")
    return ConflictTable(
        head=head_of(DocKind.CONFLICTS, place),
        plan_name=version.title,
        plan_version=version.number,
        plan_sha256=version.content_sha256 or plans.sha256(plans.content_of(version)),
        checked_on=clock.today(register.checked_at),
        tolerance_m2=register.tolerance_m2,
        tolerance_share=number_words(register.tolerance_percent),
        summary=summary,
        conflicts=tuple(
            Conflict(
                number=line.number,
                first=line.first_set,
                second=line.second_set,
                first_patch=line.first_patch,
                second_patch=line.second_patch,
                area_ha=_hectares(line.area_m2),
                share=number_words(line.share_percent),
                department=line.owner,
                proposal=line.proposal,
                state=line.state.value,
                is_present=line.is_present,
            )
            for line in analysis.list_conflicts(version_id)
        ),
    )


def _hectares(square_metres: int) -> str:
    return str((Decimal(square_metres) / HECTARE).quantize(CENT))
