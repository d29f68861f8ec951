# The production image: the hashed lock, the code, the collected static files, a user of its own.
FROM python:3.11-slim-bookworm AS made
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /site/.venv
COPY requirements.lock /site/
RUN /site/.venv/bin/python -m pip install --require-hashes --only-binary :all: -r /site/requirements.lock
COPY . /site/code
WORKDIR /site/code
RUN /site/.venv/bin/python manage.py compile_catalogues \
    && STATIC_ROOT=/site/static /site/.venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin tracker \
    && install -d -o tracker /bulk
COPY --from=made /site /site
WORKDIR /site/code
ENV PATH=/site/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    ENVIRONMENT=production STATIC_ROOT=/site/static STATE_DIR=/tmp/state
USER tracker
EXPOSE 8000
CMD ["gunicorn", "alliance.wsgi", "--bind", "0.0.0.0:8000", \
     "--worker-class", "alliance.server.Worker", "--workers", "2", "--threads", "4", \
     "--timeout", "60", "--graceful-timeout", "20", "--keep-alive", "75", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
