"""How somebody wants pages to look: elder mode, size, theme, language. Kept in a cookie."""

from dataclasses import dataclass, replace

COOKIE = "look"
LANGUAGES = ("zh_Hans", "en")
MODES = ("normal", "elder")
THEMES = ("auto", "light", "dark")
SIZES = (20, 22, 24, 26, 28, 30)


@dataclass(frozen=True)
class Look:
    """One look. `size` is the elder mode's text size in CSS pixels."""

    mode: str = "normal"
    size: int = SIZES[0]
    theme: str = "auto"
    language: str = LANGUAGES[0]

    def changed(self, **wishes: str) -> "Look":
        """Return the look with those wishes that we know; others are passed over."""
        look = self
        if wishes.get("mode") in MODES:
            look = replace(look, mode=wishes["mode"])
        if wishes.get("theme") in THEMES:
            look = replace(look, theme=wishes["theme"])
        if wishes.get("language") in LANGUAGES:
            look = replace(look, language=wishes["language"])
        if wishes.get("size") in {str(size) for size in SIZES}:
            look = replace(look, size=int(wishes["size"]))
        return look

    def packed(self) -> str:
        """Return the cookie's value."""
        return f"{self.mode}.{self.size}.{self.theme}.{self.language}"


def read(cookie: str) -> Look:
    """Return the look of a cookie; what is unreadable is the ordinary look."""
    wishes = dict(zip(("mode", "size", "theme", "language"), cookie.split("."), strict=False))
    return Look().changed(**wishes)
