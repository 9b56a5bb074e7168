"""Floor F2: bare Flask + SQLAlchemy session, one INSERT committed to the disk, and a redirect.

``FLOOR_DATABASE=sqlite:////tmp/f2.sqlite gunicorn bench.floors.f2_write:app`` serves it.
"""

import os
from datetime import UTC, datetime

from flask import Flask, redirect, request
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from werkzeug.wrappers import Response

from bench.floors.database import open_engine


class Base(DeclarativeBase):
    """Parent of the table."""


class Vote(Base):
    """One vote."""

    __tablename__ = "vote"
    id: Mapped[int] = mapped_column(primary_key=True)
    elector: Mapped[int]
    choice: Mapped[str]
    cast_at: Mapped[datetime]


app = Flask(__name__)
engine = open_engine(os.environ["FLOOR_DATABASE"])


def load() -> None:
    """Make the table."""
    Base.metadata.create_all(engine)


@app.post("/")
def cast() -> Response:
    """Keep one vote."""
    with Session(engine) as session, session.begin():
        session.add(
            Vote(
                elector=int(request.form["elector"]),
                choice=request.form["choice"],
                cast_at=datetime.now(UTC),
            )
        )
    return redirect("/")
