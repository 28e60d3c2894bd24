# One small image: Python, the pinned packages with PyTorch's CPU build, the project. Runs without privileges.
FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --no-deps "$(grep '^torch==' requirements.lock)" \
      --index-url https://download.pytorch.org/whl/cpu \
 && /venv/bin/pip install --no-cache-dir --requirement requirements.lock
COPY . .
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
# Sources may be git repositories.
RUN apt-get update && apt-get install -y --no-install-recommends git openssh-client && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 1000 assistant && mkdir /data && chown assistant /data
COPY --from=build /venv /venv
USER assistant
WORKDIR /home/assistant
ENV PATH=/venv/bin:$PATH ASSISTANT_DATA_DIR=/data ASSISTANT_HOST=0.0.0.0
VOLUME /data
EXPOSE 8000
HEALTHCHECK --start-period=120s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz')"]
CMD ["assistant", "serve"]
