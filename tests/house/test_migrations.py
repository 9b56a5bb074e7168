"""The migrations build the very tables that the models speak of, and take them away again."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, select, text

from portal import demo
from portal.core import clock
from portal.core.db import Base, db
from portal.core.scope import village_scope
from portal.disclosure import service as disclosure
from portal.disclosure.life_models import DisclosureCase
from portal.disclosure.states import State, Step


def test_migrations_match_models(bare):
    upgrade(directory="migrations")
    check(directory="migrations")  # ends the process where they differ
    assert differences() == []
    with db.engine.begin() as connection:  # and it can: a column that no model speaks of is seen
        connection.execute(text("ALTER TABLE region ADD COLUMN planted INTEGER"))
    assert [(kind, column.name) for kind, _schema, _table, column in differences()] == [
        ("remove_column", "planted")
    ]


def differences() -> list:
    """Return what a new migration would change."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        return compare_metadata(context, Base.metadata)


def triggers(connection) -> set[tuple[str, str]]:
    """Return each trigger with what it does: its statement, or its function's."""
    kind = connection.dialect.name
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        if kind == "sqlite"
        else "SELECT pg_get_triggerdef(t.oid), p.prosrc FROM pg_trigger t"
        " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
    )
    return {tuple(row) for row in connection.execute(text(query))}


def test_migrations_make_the_triggers_of_the_models(bare):
    db.create_all()
    with db.engine.begin() as connection:
        wanted = triggers(connection)
    db.drop_all()
    upgrade(directory="migrations")
    with db.engine.begin() as connection:
        assert triggers(connection) == wanted
    assert wanted


def rows() -> dict[str, list[str]]:
    """Return every row of every table as it lies there now."""
    found = {}
    with db.engine.begin() as connection:
        for table in inspect(connection).get_table_names():
            lines = connection.execute(text(f'SELECT * FROM "{table}"')).mappings()
            found[table] = sorted(str(sorted(line.items())) for line in lines)
    return found


def test_migrations_go_down_and_up_with_data(bare):
    """What the version before knew comes through the newest migration and back as it was."""
    upgrade(directory="migrations")
    demo.load(bare.extensions["demo_loaders"], now=clock.now())
    db.session.remove()
    downgrade(directory="migrations", revision="-1")
    before = rows()
    assert sum(map(len, before.values())) > 500
    upgrade(directory="migrations")
    check(directory="migrations")
    after = rows()
    assert {name: len(after[name]) for name in before.keys() & after.keys()} == {
        name: len(before[name]) for name in before.keys() & after.keys()
    }
    downgrade(directory="migrations", revision="-1")
    assert rows() == before
    downgrade(directory="migrations", revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade(directory="migrations")
    check(directory="migrations")


OLD_DOCS = ((1, 1, 7, 1), (2, 2, 7, 2), (3, 3, 8, 1), (4, 4, 7, 3))
"""Documents as they were kept before: id, number, what each is about, and which issue it is."""


def test_documents_of_old_get_their_life(bare, village_code="330523102201"):
    upgrade(directory="migrations", revision="0009")
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO region (id, code, name, level, is_synthetic)"
                f" VALUES (1, '{village_code}', '青溪村', 'village', FALSE)"
            )
        )
        for doc_id, number, subject, issue in OLD_DOCS:
            connection.execute(
                text(
                    "INSERT INTO disclosure_doc (id, village_id, kind, year, number, subject_id,"
                    " issue, title, period_start, period_end, content, content_sha256,"
                    f" published_at) VALUES ({doc_id}, 1, 'vote-result', 2026, {number}, {subject},"
                    f" {issue}, '第{number}号', '2026-03-0{number}', '2026-03-09', '{{}}',"
                    f" '{number:064}', '2026-03-0{number} 02:00:00')"
                )
            )
    for _ in range(2):  # the second time after going down with data
        upgrade(directory="migrations")
        with village_scope(1):
            cases = {case.doc_id: case for case in db.session.scalars(select(DisclosureCase))}
            lives = [
                (
                    doc_id,
                    cases[doc_id].state,
                    (after := disclosure.find_successor(cases[doc_id])) and after.doc_id,
                    [step.step for step in disclosure.list_steps(cases[doc_id].id)],
                )
                for doc_id, *_ in OLD_DOCS
            ]
            shown = bare.test_client().get(f"/v/{village_code}/disclosure/1").text
            db.session.remove()
        begun = [Step.PUBLISH, Step.OPEN_OBJECTIONS]
        assert lives == [
            (1, State.CORRECTED, 2, [*begun, Step.CORRECT]),
            (2, State.CORRECTED, 4, [*begun, Step.CORRECT]),
            (3, State.OBJECTION, None, begun),
            (4, State.OBJECTION, None, begun),
        ]
        assert "第1号" in shown
        assert "〔2026〕村规公示 002号" in shown
        downgrade(directory="migrations", revision="0009")
    with db.engine.begin() as connection:
        kept = connection.execute(text("SELECT id, issue FROM disclosure_doc ORDER BY id")).all()
    assert kept == [(doc_id, issue) for doc_id, _number, _subject, issue in OLD_DOCS]
