# The assistant alone: Debian's Python, the pinned packages, the project; nothing that builds. With PyTorch's CPU build and
# sentence-transformers, to adapt the model or to name another: --build-arg LOCK=requirements-models.lock
# Another base that has Python 3.11 or later: --build-arg BASE=... ; another index of PyTorch: --build-arg TORCH_INDEX=...
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS build
ARG LOCK=requirements.lock
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# Debian keeps one version of a package in a release, with its security updates: it is not pinned.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends python3-venv
WORKDIR /src
COPY requirements.lock requirements-models.lock requirements-language.lock ./
# PyPI's torch for Linux would bring several GB of CUDA.
RUN python3 -m venv /venv \
 && pip="/venv/bin/pip install --no-cache-dir --no-compile" \
 && if torch="$(grep '^torch==' "$LOCK")"; then $pip --no-deps "$torch" --index-url "$TORCH_INDEX"; fi \
 && $pip --requirement "$LOCK" \
 && $pip --no-deps --require-hashes --requirement requirements-language.lock
COPY . .
# What only serves to compile, test or install is left behind. Only modules that a server loads are compiled, since the
# image cannot be written when it runs: all of them would take 300 MB.
RUN /venv/bin/pip install --no-cache-dir --no-compile --no-deps --no-build-isolation . \
 && lib="$(/venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" \
 && rm -rf "$lib"/torch/{include,share,test} "$lib"/torch/bin/protoc* "$lib"/pip "$lib"/pip-*.dist-info /venv/bin/pip* \
 && find "$lib"/{numpy,scipy} -type d -name tests -prune -exec rm -rf {} + \
 && find /venv -type d -name __pycache__ -prune -exec rm -rf {} + \
 && CHAINLIT_APP_ROOT=/tmp /venv/bin/python -c "import assistant.cli, assistant.web.server, chainlit.server, \
      index.encoding.encoder, index.encoding.graph, index.encoding.saving, onnx, onnxruntime, spacy"

FROM ${BASE}
# Sources may be git repositories. The user's number is told, so that volumes can be given to it.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git openssh-client python3 \
 && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* \
 && useradd --create-home --uid 1000 assistant \
 && install --directory --owner=assistant /data
COPY --from=build /venv /venv
USER 1000
WORKDIR /home/assistant
ENV PATH=/venv/bin:$PATH ASSISTANT_DATA_DIR=/data ASSISTANT_HOST=0.0.0.0 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=180s CMD ["python", "-c", \
  "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ.get(\"ASSISTANT_PORT\", 8000)}/readyz', timeout=4)"]
CMD ["assistant", "serve"]
