"""Pages of notices."""


def test_the_calendar_page(cast, browse, at):
    client = browse(cast.max)
    assert "国庆节" in client.get(at("/notices/desk/calendar")).text
    data = {"day": "2026-03-02", "is_rest": "rest", "name": "庙会"}
    assert client.post(at("/notices/desk/calendar"), data=data).status_code == 303
    assert "庙会" in client.get(at("/notices/desk/calendar")).text
    for person in (cast.vera, cast.sun, cast.otto, cast.nora):
        assert browse(person).get(at("/notices/desk/calendar")).status_code == 403
        assert browse(person).post(at("/notices/desk/calendar"), data=data).status_code == 403
    assert browse(cast.paula).post(at("/notices/desk/calendar"), data=data).status_code == 403
