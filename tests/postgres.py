"""A worker's own database in PostgreSQL: as good as new for each test, without making it each time.

A new one is a copy of a blank one, which takes a quarter of a second and more. Where a test has done
nothing but write rows, they are taken out again instead: the tables are as short as they were, and
the numbers begin anew. Whatever else it did (a key dropped, a trigger, a table) is noted by the
database itself, and then a new one is made.
"""

from sqlalchemy import URL, NullPool, create_engine, text

MOST = 5000
"""So many rows at most are taken out; with more a new database is quicker."""

WATCH = """
CREATE SCHEMA house;
CREATE TABLE house.altered (what text NOT NULL);
CREATE FUNCTION house.note() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO house.altered VALUES (tg_tag); END $$;
CREATE FUNCTION house.clear(most integer) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    name regclass; cleared text[] := '{}'; gone integer; total integer := 0;
BEGIN
    IF EXISTS (SELECT 1 FROM house.altered) THEN RETURN NULL; END IF;
    SET LOCAL session_replication_role = replica;  -- no key and no trigger holds a row back
    FOR name IN SELECT oid::regclass FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('DELETE FROM %s', name);
        GET DIAGNOSTICS gone = ROW_COUNT;
        total := total + gone;
        IF total > most THEN RETURN NULL; END IF;
        cleared := cleared || name::text;
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
    RETURN cleared;
END $$;
CREATE EVENT TRIGGER house_ddl ON ddl_command_end EXECUTE FUNCTION house.note();
CREATE EVENT TRIGGER house_drop ON sql_drop EXECUTE FUNCTION house.note();
"""
ALONE = text(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Postgres:
    """The database of one worker, and the blank one of which it is a copy."""

    def __init__(self, own: URL) -> None:
        self.own = own
        self.name, self.blank = own.database, f"blank_{own.database}"
        self.is_blank = False
        self._admin = create_engine(own.set(database="postgres"), isolation_level="AUTOCOMMIT")
        self._mine = create_engine(own, isolation_level="AUTOCOMMIT", poolclass=NullPool)

    def begin(self, create_all) -> None:
        """Make the blank database: every table, and nothing in them."""
        self.copy("template1", to=self.blank)
        url = self.own.set(database=self.blank)
        create_all(url.render_as_string(hide_password=False))
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execution_options(no_parameters=True).exec_driver_sql(WATCH)

    def renew(self, *, wholly=False) -> None:
        """Let every table be there with nothing in it; wholly, in files of their own."""
        if wholly or not (self.is_blank and self._clear()):
            self.copy(self.blank)
        self.is_blank = True

    def copy(self, source: str, *, to: str = "") -> None:
        """Let the worker's database, or another one, be a copy of this one."""
        self.is_blank = False
        name = to or self.name
        with self._admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {source}"))

    def _clear(self) -> bool:
        """Take out every row; False where that does not make it new."""
        with self._mine.connect() as connection:
            connection.execute(ALONE)
            cleared = connection.execute(text("SELECT house.clear(:most)"), {"most": MOST}).scalar()
            if cleared:
                connection.exec_driver_sql(f"VACUUM {', '.join(cleared)}")
            return cleared is not None

    def end(self) -> None:
        """Let go of the server."""
        self._admin.dispose()
        self._mine.dispose()
