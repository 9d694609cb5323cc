# One file for every image: docker build --file deploy/service.Dockerfile --build-arg SERVICE=vouchers .
# SERVICE is the name of a folder in services/, or sequencer, or web.

ARG PYTHON=3.12.13-slim-bookworm@sha256:4766d8b510c428e595d74b9cc5bbb2fae8e26316fffb4adc89908d79aacd58a2

FROM python:${PYTHON} AS build
ARG SERVICE
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /build
COPY requirements.lock ./
RUN awk '/^uv==/ { on = 1 } on { print } on && !/\\$/ { exit }' requirements.lock > uv.lock \
 && pip install --no-cache-dir --no-deps --only-binary :all: --require-hashes -r uv.lock \
 && uv venv --python /usr/local/bin/python3 /opt/zugabe
COPY libs/schemas libs/schemas
COPY libs/events libs/events
RUN uv build --no-cache --offline --wheel --out-dir wheels libs/schemas \
 && uv pip install --no-cache --python /opt/zugabe --no-build --compile-bytecode \
      --constraints requirements.lock wheels/*.whl -r libs/events/pyproject.toml
COPY services services
COPY web web
RUN uv build --no-cache --offline --wheel --out-dir wheels libs/events \
 && case "${SERVICE}" in \
      sequencer) ;; \
      web) uv build --no-cache --offline --wheel --out-dir wheels web ;; \
      *) uv build --no-cache --offline --wheel --out-dir wheels "services/${SERVICE}" ;; \
    esac \
 && uv pip install --no-cache --python /opt/zugabe --no-build --compile-bytecode \
      --constraints requirements.lock wheels/*.whl \
 && ln -s "${SERVICE}" /opt/zugabe/bin/service

FROM python:${PYTHON}
COPY --from=build /opt/zugabe /opt/zugabe
ENV PATH=/opt/zugabe/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --start-interval=2s \
  CMD ["python", "-m", "zugabe_events.cli.health"]
ENTRYPOINT ["service"]
