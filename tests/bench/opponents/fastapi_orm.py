"""FastAPI with the ORM of SQLAlchemy and a pydantic model of the row."""

import datetime as dt
import os

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    joinedload,
    mapped_column,
    relationship,
    sessionmaker,
)

address = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg2://")
engine = create_engine(address, pool_size=8)
sessions = sessionmaker(engine)


class Table(DeclarativeBase):
    __table_args__ = {"schema": "plain"}


class Member(Table):
    __tablename__ = "member"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name: Mapped[str]


class Statement(Table):
    __tablename__ = "statement"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]


class Commitment(Table):
    __tablename__ = "commitment"
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    statement_id: Mapped[int] = mapped_column(ForeignKey(Statement.id))
    statement: Mapped[Statement] = relationship()


class Report(Table):
    __tablename__ = "report"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    cycle: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id))
    member: Mapped[Member] = relationship()
    published_on: Mapped[dt.date]
    synthetic: Mapped[bool]


class Answer(Table):
    __tablename__ = "answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id))
    report: Mapped[Report] = relationship()
    commitment_id: Mapped[int] = mapped_column(ForeignKey(Commitment.id))
    commitment: Mapped[Commitment] = relationship()
    status: Mapped[str]
    narrative: Mapped[str | None]
    next_steps: Mapped[str | None]
    obstacles: Mapped[str | None]
    evidence: Mapped[list] = mapped_column(JSONB)
    withheld: Mapped[bool]


class Named(BaseModel):
    code: str
    name: str


class Link(BaseModel):
    title: str
    url: str


class Row(BaseModel):
    report: str
    cycle: str
    member: Named
    commitment: str
    statement: str
    status: str
    narrative: str | None
    next_steps: str | None
    obstacles: str | None
    evidence: list[Link]
    withheld: bool
    published_on: dt.date
    synthetic: bool


class Page(BaseModel):
    results: list[Row]


def session():
    with sessions() as opened:
        yield opened


app = FastAPI()


@app.get("/progress")
def progress(opened: Session = Depends(session)) -> Page:  # noqa: B008 as its handbook has it
    answers = opened.scalars(
        select(Answer)
        .options(
            joinedload(Answer.report).joinedload(Report.member),
            joinedload(Answer.commitment).joinedload(Commitment.statement),
        )
        .order_by(Answer.id)
        .limit(100)
    )
    return Page(results=[_row(answer) for answer in answers])


def _row(answer: Answer) -> Row:
    report, clause = answer.report, answer.commitment
    return Row(
        report=report.code,
        cycle=report.cycle,
        member=Named(code=report.member.code, name=report.member.name),
        commitment=clause.reference,
        statement=clause.statement.code,
        status=answer.status,
        narrative=answer.narrative,
        next_steps=answer.next_steps,
        obstacles=answer.obstacles,
        evidence=answer.evidence,
        withheld=answer.withheld,
        published_on=report.published_on,
        synthetic=report.synthetic,
    )
