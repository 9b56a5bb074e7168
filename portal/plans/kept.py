"""What the reading pages share: who may read, and what is kept of frozen versions."""

from flask import abort, g
from flask_babel import get_locale

from portal.core.access import may
from portal.plans import fragments, service
from portal.plans.cards import EDITORS
from portal.plans.models import PlanVersion

ELDER_TEXT = 1.3
"""How much larger the words on a map are in elder mode."""


def readable(version_id: int) -> PlanVersion:
    """Return the version if whoever asks may read it: drafts are for those who write them."""
    version = service.get_version(version_id)
    check_readable(version)
    return version


def check_readable(version: PlanVersion) -> None:
    """Let a draft not be there for those who do not write it."""
    if not service.is_public(version) and not may(*EDITORS):
        abort(404)


def key_of(version: PlanVersion) -> tuple[object, ...]:
    """Return what every piece of a version's pages depends on."""
    return (version.id, version.content_sha256, str(get_locale()), g.look.mode)


def kept(version: PlanVersion, key: tuple[object, ...], make: fragments.Maker) -> str:
    """Return a piece of a frozen version from memory; a draft is made anew each time."""
    return fragments.piece(key, make) if version.content_sha256 else make()


def text_size() -> float:
    """Return how large the words on a map are for whoever looks."""
    return ELDER_TEXT if g.look.mode == "elder" else 1.0
