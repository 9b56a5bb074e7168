"""docs/access.md is as the code is."""

from tests.house.access_page import PAGE, made


def test_the_page_of_who_may_do_what_is_current():
    assert PAGE.read_text() == made(), "python -m tests.house.access_page"
