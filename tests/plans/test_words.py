"""Figures in words: one rounding for what stands side by side, units in the reader's language."""

from decimal import Decimal

import pytest
from flask_babel import force_locale

from portal.implementation.words import value_words
from portal.plans.words import UNITS, area_words, hectare_words, mu_of, quantity_words


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize("square_metres", [1_216_340, 1_216_299, 1_216_350, 2_000_333, 10_049])
def test_the_same_ground_has_the_same_mu_everywhere(app, square_metres):
    """An indicator with two decimals, the map's own area, and a figure made from the exact one."""
    exact = Decimal(square_metres) / 10_000
    mu = f"{mu_of(exact):,}"
    with force_locale("zh_Hans"):
        assert f"{mu} 亩" in area_words(square_metres)
        assert f"{mu} 亩" in hectare_words(exact)


@pytest.mark.parametrize("database", ["sqlite"])
def test_units_speak_the_readers_language(app):
    with force_locale("en"):
        for unit in UNITS:
            said = value_words(Decimal(3), unit) + quantity_words(Decimal(3), unit)
            assert said.isascii() or "m²" in said, said
        assert value_words(Decimal("1.50"), "株") == "1.5 株"  # as it was written
    with force_locale("zh_Hans"):
        assert [str(word) for word in UNITS.values()] == list(UNITS)
