"""The words on a map, in the language of the reader."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import get_locale, gettext

from portal.maps.remarks import LAYERS
from portal.maps.rules import LayerKind


@dataclass(frozen=True, slots=True)
class Words:
    """Everything a map says besides the names in its data."""

    language: str
    legend: str
    north: str
    metres: str
    kilometres: str
    hectares: str
    layers: Mapping[LayerKind, str]

    def length(self, metres: int) -> str:
        """Return a round length with its unit."""
        if metres >= 1000 and metres % 1000 == 0:
            return f"{metres // 1000} {self.kilometres}"
        return f"{metres} {self.metres}"


def words() -> Words:
    """Return the words for the reader of now (Chinese by default, through the catalogue)."""
    return Words(
        language=str(get_locale() or "en"),
        legend=gettext("Legend"),
        north=gettext("N"),
        metres=gettext("m"),
        kilometres=gettext("km"),
        hectares=gettext("ha"),
        layers=layer_names(),
    )


def layer_names() -> Mapping[LayerKind, str]:
    """Return what each kind of layer is called."""
    return {kind: str(word) for kind, word in LAYERS.items()}
