"""Floor F1: bare Flask + Jinja + SQLAlchemy, a page with 30 comments from SQLite, about 10 kB.

``FLOOR_DATABASE=sqlite:////tmp/f1.sqlite gunicorn bench.floors.f1_page:app`` serves it.
"""

import os
from datetime import datetime, timedelta

from flask import Flask, render_template
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    joinedload,
    mapped_column,
    relationship,
)

from bench.floors.database import open_engine

COMMENTS = 30
WORDS = "村口的小桥每到雨季就被水漫过，孩子上学要绕两里路，希望规划里先修桥，再谈停车场。"


class Base(DeclarativeBase):
    """Parent of both tables."""


class Author(Base):
    """Who wrote."""

    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Comment(Base):
    """What was written."""

    __tablename__ = "comment"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    text: Mapped[str]
    posted_at: Mapped[datetime]
    author: Mapped[Author] = relationship()


app = Flask(__name__)
engine = open_engine(os.environ["FLOOR_DATABASE"])


def load() -> None:
    """Make the tables and the comments."""
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        for number in range(1, COMMENTS + 1):
            session.add(
                Comment(
                    id=number,
                    author=Author(id=number, name=f"村民{number}"),
                    text=f"{number}. {WORDS}",
                    posted_at=datetime(2026, 3, 1) + timedelta(minutes=number),  # noqa: DTZ001
                )
            )


@app.get("/")
def show() -> str:
    """Show all comments."""
    with Session(engine) as session:
        comments = session.scalars(
            select(Comment).options(joinedload(Comment.author)).order_by(Comment.id)
        ).all()
        return render_template("page.html", title="村庄规划", comments=comments)
