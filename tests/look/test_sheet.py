"""The style sheet keeps its promises: contrast, direction, size of letters, weight."""

import gzip
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "portal" / "static"
APP_CSS = (STATIC / "css" / "app.css").read_text()
SHEETS = sorted((STATIC / "css").glob("*.css"))

# Physical properties and values; the logical ones serve right-to-left scripts too.
PHYSICAL = re.compile(
    r"(?:(?:margin|padding)-(?:left|right|top|bottom)"
    r"|border-(?:left|right|top|bottom)(?:-\w+)*"
    r"|(?<![\w-])(?:left|right|top|bottom|width|height|(?:min|max)-(?:width|height)))\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)

GROUNDS = ("paper", "surface", "sunk")
PAIRS = [
    *((text, ground) for text in ("ink", "soft", "accent", "danger") for ground in GROUNDS),
    ("warn", "surface"),
    ("info", "surface"),
    ("info", "paper"),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("ink", "accent-tint"),
    ("soft", "accent-tint"),
    ("accent", "accent-tint"),
    ("ink", "danger-tint"),
    ("danger", "danger-tint"),
    ("warn", "warn-tint"),
    ("ink", "info-tint"),
    ("info", "info-tint"),
    ("surface", "danger"),
]


def _declarations(css: str) -> str:
    """Return only what stands in braces, so that conditions of @media are not judged."""
    return "\n".join(re.findall(r"\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", css, flags=re.S)))


def _tokens(selector: str) -> dict[str, str]:
    block = APP_CSS.split(f"{selector} {{\n", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", block))


LIGHT = _tokens(":root")
DARK = _tokens(":root[data-theme=dark]")


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_that_of_wcag():
    assert _contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert _contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_words_stand_out_from_their_ground(theme, text, ground):
    tokens = LIGHT if theme == "light" else DARK
    assert _contrast(tokens[text], tokens[ground]) >= 4.5


def test_dark_is_the_same_whether_chosen_or_taken_from_the_phone():
    assert _tokens(":root:not([data-theme=light])") == DARK
    assert DARK.keys() == LIGHT.keys()


def test_colours_come_from_tokens():
    rest = APP_CSS.split("/* ---- sizes", 1)[1].replace("background: #FFFFFF", "")
    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b|rgba?\(|hsla?\(", rest) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_directions_are_logical(sheet):
    assert PHYSICAL.findall(_declarations(sheet.read_text())) == []


def test_a_physical_direction_would_be_found():
    for line in ("margin-left: 1px", "border-top: 0", "left: 0", "width: 1px", "float: left"):
        assert PHYSICAL.search(line)
    for line in (
        "margin-inline-start: 1px",
        "border-width: 2px",
        "stroke-width: 1",
        "line-height: 1",
    ):
        assert not PHYSICAL.search(line)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_letters_smaller_than_14_pixels(sheet):
    sizes = re.findall(r"font(?:-size)?: (?:clamp\()?([\d.]+)px", _declarations(sheet.read_text()))
    assert [size for size in sizes if float(size) < 14] == []


def test_every_size_of_elder_mode_has_its_rule():
    for size in (22, 24, 26, 28, 30):
        assert f":root.size-{size} {{ --pico-font-size: {size / 16 * 100:g}%; }}" in APP_CSS
    elder = APP_CSS.split(":root[data-mode=elder] {\n", 1)[1].split("}", 1)[0]
    assert "--pico-font-size: 125%;" in elder
    assert "--touch: 60px;" in elder


def test_sheets_of_a_page_weigh_at_most_16_kilobytes():
    files = (STATIC / "vendor" / "pico.classless.min.css", STATIC / "css" / "app.css")
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) <= 16_000


def test_the_vendored_sheet_carries_its_licence():
    assert "MIT License" in (STATIC / "vendor" / "pico.LICENSE.md").read_text()
    assert "Pico CSS" in (STATIC / "vendor" / "pico.classless.min.css").read_text()[:60]


def test_the_font_for_rare_characters_is_asked_for_those_alone():
    rule = APP_CSS.split("@font-face {", 1)[1].split("}", 1)[0]
    assert "unicode-range: U+3400-4DBF, U+20000-323AF;" in rule
    assert (STATIC / "fonts" / "rare.woff2").read_bytes()[:4] == b"wOF2"
