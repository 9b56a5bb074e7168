"""Numbers as they are printed: grouped, with one decimal, without any float."""


def grouped(number: int) -> str:
    """Return 1204 as 1,204."""
    return f"{number:,}"


def percent(part: int, whole: int) -> str:
    """Return part of whole in percent with one decimal, rounded half up; — of nothing."""
    if not whole:
        return "—"
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def cell(number: int | None) -> str:
    """Return a number of a table; a hidden one is <5 or something that would reveal one: *."""
    return "*" if number is None else grouped(number)


def ten_thousands(yuan: int | None) -> str:
    """Return an amount in units of 10,000 yuan, exactly: 125000 is 12.5; — where unknown."""
    if yuan is None:
        return "—"
    whole, rest = divmod(yuan, 10_000)
    return f"{whole:,}" + (f".{rest:04}".rstrip("0") if rest else "")
