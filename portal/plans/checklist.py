"""What a version must have before its notice can open. Pure."""

from portal.plans import rules
from portal.plans.content import Content


def missing_in(content: Content) -> list[rules.Missing]:
    """Return what a version still lacks before its notice can open."""
    lacks = {
        rules.Missing.SUMMARY: len(content.sentences) < rules.SENTENCES,
        rules.Missing.FIGURES: len(content.figures) < rules.FIGURES,
        rules.Missing.TEXT: not content.sections,
        rules.Missing.GOALS: not content.goals,
        rules.Missing.INDICATORS: not content.indicators,
        rules.Missing.PROJECTS: not content.projects,
        rules.Missing.MAP: content.map is None or not content.map.layers,
    }
    return [what for what, is_missing in lacks.items() if is_missing]
