"""The files by which the assistant is deployed say what their programs understand."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose, PyOptions

from assistant.settings import ROOT

COMPOSE = ROOT / "docker-compose.yml"
DEPLOY = ROOT / "deploy"


@pytest.fixture(scope="module")
def compose() -> PyCompose:
    found = PyOptions(apply_merge=True).from_yaml(COMPOSE.read_text(encoding="utf-8"))
    found.validate()
    return found


def test_the_compose_file_follows_its_specification(compose: PyCompose) -> None:
    assert compose.service_names() == ["assistant", "assistant-2", "proxy", "caddy", "postgres", "llm"]


def test_without_a_profile_only_the_assistant_runs(compose: PyCompose) -> None:
    services = compose.services or {}
    assert [name for name, service in services.items() if not service.profiles] == ["assistant"]


def test_every_service_is_bounded_and_has_no_more_rights_than_it_needs() -> None:
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    for name, service in services.items():
        assert service["mem_limit"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        if name != "postgres":  # its image changes user and prepares its folder by itself
            assert service["cap_drop"] == ["ALL"], name
            assert service["read_only"] is True, name
    published = [port for name in services if name != "caddy" for port in services[name].get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_files_that_the_compose_file_mounts_are_there() -> None:
    mounted = re.findall(r"\./(deploy/[\w.-]+):", COMPOSE.read_text(encoding="utf-8"))
    assert mounted
    assert all((ROOT / path).is_file() for path in mounted)


def test_the_dockerfile_has_no_fault_that_hadolint_knows() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    found = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")


def test_the_image_takes_all_that_is_installed_and_nothing_else() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = re.search(r"^packages = \[(.*?)\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL | re.MULTILINE)
    assert packages
    folders = {name.partition(".")[0] for name in re.findall(r'"([\w.]+)"', packages[1])}
    locks = {f"requirements{kind}.lock" for kind in ("", "-models", "-language")}
    assert allowed == folders | locks | {"pyproject.toml", "README.md"}


def _find(program: str) -> str:
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin")
    if not found:
        pytest.skip(f"{program} is not installed")
    return found


def test_haproxy_understands_its_configuration_without_a_warning() -> None:
    addresses = {"PROXY_BIND": "*:8080", "SERVER_ONE": "127.0.0.1:8001", "SERVER_TWO": "127.0.0.1:8002"}
    command = [_find("haproxy"), "-c", "-f", str(DEPLOY / "haproxy.cfg")]
    found = subprocess.run(command, env={**os.environ, **addresses}, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert "WARNING" not in found.stderr


def test_caddy_understands_its_configuration() -> None:
    site = {"CADDY_SITE": "assistant.exemple.fr", "CADDY_UPSTREAM": "assistant:8000"}
    command = [_find("caddy"), "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    found = subprocess.run(command, env={**os.environ, **site}, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    text = (DEPLOY / "assistant.service").read_text(encoding="utf-8")
    unit = tmp_path / "assistant.service"  # with a program that is there
    unit.write_text(text.replace("/opt/assistant/.venv/bin/assistant serve", "/bin/true"), encoding="utf-8")
    command = [_find("systemd-analyze"), "verify", "--man=no", str(unit)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "assistant.service" not in found.stderr, found.stderr
