"""The migration moves what plans kept of notices, up and down, on both databases."""

from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from portal.core.db import db

AT = "2026-01-31 04:00:00.000000"
ROWS = (
    "INSERT INTO region (code, name, level, is_synthetic) VALUES ('330523102201', '青溪村', 'village', false)",
    "INSERT INTO plan (village_id, name, kind, created_at) VALUES (1, '规划', 'practical', :at)",
    "INSERT INTO plan_version (village_id, plan_id, number, state, title, base_year, target_year,"
    " compiled_by, sentences, figures, content_sha256, frozen_at, created_at, changed_at) VALUES"
    " (1, 1, 1, 'on_notice', '青溪村规划', 2025, 2035, '', '[]', '[]', 'abc', :at, :at, :at)",
    "INSERT INTO plan_notice (village_id, version_id, type, round, opened_at, ends_at, started_on,"
    " last_on, min_days, online_at, board_at, board_evidence, content_sha256, record_number)"
    " VALUES (1, 1, 'plan_draft', :round, :at, :ends, '2026-01-31', '2026-03-02', 30, :at, :board,"
    " :evidence, 'abc', :round)",
)
OLD = (
    "SELECT village_id, version_id, type, round, opened_at, ends_at, started_on, last_on, min_days,"
    " online_at, board_at, board_evidence, opened_by, content_sha256, record_number"
    " FROM plan_notice ORDER BY round"
)


def read(query) -> list[tuple]:
    with db.engine.begin() as connection:
        return [tuple(map(str, row)) for row in connection.execute(text(query))]


def test_the_rows_of_plan_notice_go_up_and_come_back(bare):
    upgrade(directory="migrations", revision="0009")
    with db.engine.begin() as connection:
        for row in ROWS[:3]:
            connection.execute(text(row), {"at": AT})
        for number in (1, 2):
            connection.execute(
                text(ROWS[3]),
                {"at": AT, "round": number, "ends": "2026-03-02 16:00:00.000000", "board": f"2026-01-31 0{number}:00:00.000000",
                 "evidence": f"公开栏,照片0{number}"},
            )  # fmt: skip
    before = read(OLD)
    assert len(before) == 2
    upgrade(directory="migrations")
    assert read(
        "SELECT subject_kind, subject_id, type, round, title, min_length, unit, record_number,"
        " started_on, last_on FROM notice ORDER BY round"
    ) == [
        ("plan_version", "1", "plan_draft", str(n), "青溪村规划", "30", "days", str(n), "2026-01-31", "2026-03-02")
        for n in (1, 2)
    ]  # fmt: skip
    channels = read(
        "SELECT n.round, c.kind, c.note, c.up_at FROM notice_channel c"
        " JOIN notice n ON n.id = c.notice_id ORDER BY n.round, c.id"
    )
    assert [(r, kind, note) for r, kind, note, _ in channels] == [
        ("1", "online", ""), ("1", "board", "公开栏,照片01"),
        ("2", "online", ""), ("2", "board", "公开栏,照片02"),
    ]  # fmt: skip
    assert [up_at[:16] for *_, up_at in channels] == [
        "2026-01-31 04:00", "2026-01-31 01:00", "2026-01-31 04:00", "2026-01-31 02:00",
    ]  # fmt: skip
    downgrade(directory="migrations", revision="0009")
    assert read(OLD) == before
