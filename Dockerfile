# Two stages: the first has pip and the build tools, the second only what runs.
# A release pins both FROM lines by digest.

FROM python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
# No pip in this environment: the one outside installs into it.
RUN python -m venv --without-pip /opt/venv
COPY requirements-run.lock ./
RUN pip --python /opt/venv/bin/python install \
      --require-hashes --only-binary :all: --requirement requirements-run.lock
# After the packages, so that a changed sentence does not install them again.
COPY pyproject.toml ./
COPY content content
COPY flows flows
# Without bot/simulator: .dockerignore leaves it out.
COPY bot bot
RUN pip --python /opt/venv/bin/python install --no-deps --no-build-isolation . \
 && pip --python /opt/venv/bin/python uninstall --yes hatchling editables

FROM python:3.13-slim-trixie
# Code belongs to root; the server can write to /data and nowhere else, so it also runs with
# `docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges`.
RUN install --directory --owner 10001 --group 10001 --mode 0700 /data
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATABASE_URL=sqlite:////data/taikai.db \
    LOG_FORMAT=json
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# http.client and not urllib.request: a proxy setting must not carry the question away.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import http.client, os, sys; asked = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); asked.request('GET', '/healthz'); sys.exit(asked.getresponse().status != 200)"]
CMD ["taikai", "serve"]
