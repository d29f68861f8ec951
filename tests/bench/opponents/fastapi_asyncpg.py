"""The limit: FastAPI handing on what the database has written as JSON, by asyncpg, no model."""

import contextlib
import os
from urllib.parse import parse_qs, urlsplit

import asyncpg
from fastapi import FastAPI, Response

PAGE = """
SELECT json_build_object('results', json_agg(p))::text FROM (
    SELECT report, cycle, member, "commitment", statement, status, narrative, next_steps,
           obstacles, evidence, withheld, published_on, synthetic
    FROM plain.progress ORDER BY id LIMIT 100
) p
"""


@contextlib.asynccontextmanager
async def pooled(app):
    parts = urlsplit(os.environ["DATABASE_URL"])
    app.state.pool = await asyncpg.create_pool(
        user=parts.username,
        host=parse_qs(parts.query)["host"][0],
        database=parts.path.strip("/"),
        min_size=4,
        max_size=8,
    )
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=pooled)


@app.get("/progress")
async def progress() -> Response:
    text = await app.state.pool.fetchval(PAGE)
    return Response(text, media_type="application/json")
