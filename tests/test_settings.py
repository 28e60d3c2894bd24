"""The file of settings that people copy: what it shows is what they would have without it, wherever they start from."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ASSISTANT, free_port, make_data_dir
from dotenv import dotenv_values

from assistant.settings import ROOT, Settings, SettingsWrong, read_settings

EXAMPLE = ROOT / ".env.example"
SHOWN = re.compile(r"^# (ASSISTANT_(\w+)=.*)$", re.MULTILINE)


def show_all() -> str:
    """The example file, each of its values in force."""
    return SHOWN.sub(r"\1", EXAMPLE.read_text(encoding="utf-8"))


def test_every_setting_is_explained_in_the_example_file_and_none_is_in_force() -> None:
    shown = [name.lower() for _, name in SHOWN.findall(EXAMPLE.read_text(encoding="utf-8"))]
    assert sorted(shown) == sorted(Settings.model_fields)
    assert dotenv_values(EXAMPLE) == {}


def test_every_value_that_the_example_file_shows_is_the_default(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(show_all(), encoding="utf-8")
    assert len(dotenv_values(tmp_path / ".env")) == len(Settings.model_fields)
    assert read_settings() == Settings(_env_file=None)  # type: ignore[call-arg]


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - {"limit_visitor", "limit_site"}))
def test_a_setting_left_empty_is_the_default(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    default = getattr(read_settings(), name)
    monkeypatch.setenv(f"ASSISTANT_{name.upper()}", " ")
    assert getattr(read_settings(), name) == default


@pytest.mark.parametrize("name", ["secret", "admin_token", "webhook_secret", "metrics_token"])
def test_a_secret_that_can_be_guessed_is_refused_with_the_way_to_make_one(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = f"ASSISTANT_{name.upper()}"
    monkeypatch.setenv(variable, f"{'x' * 15} ")
    with pytest.raises(SettingsWrong, match=rf"{variable} : au moins 16 .*python3 -c 'import secrets") as refused:
        read_settings()
    assert "xxx" not in str(refused.value)
    monkeypatch.setenv(variable, "x" * 16)
    assert getattr(read_settings(), name).get_secret_value() == "x" * 16


@pytest.mark.parametrize("name", ["pdf_passwords", "widget_origins", "api_origins", "member_sites"])
def test_a_list_that_is_not_json_is_refused_by_its_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"ASSISTANT_{name.upper()}", "https://www.exemple.fr")
    with pytest.raises(SettingsWrong, match=rf"ASSISTANT_{name.upper()} : une valeur en JSON"):
        read_settings()


# --- a server started from the file as it is ---


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as `git clone` gives it to whoever builds the image: what .dockerignore lets in."""
    folder = tmp_path_factory.mktemp("clone")
    taken = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for name in taken:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


@pytest.fixture(scope="module")
def installed(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the project's wheel is installed, its dependencies being those of this environment."""
    folder, source = tmp_path_factory.mktemp("installed"), tmp_path_factory.mktemp("source") / "project"
    shutil.copytree(clone, source)  # building writes in it
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wheels = folder.with_name("wheels")
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, source], check=True)
    [wheel] = wheels.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--no-compile", "--target", folder / "lib", wheel], check=True)
    return folder / "lib"


@contextmanager
def serve(code: Path, folder: Path, **environment: str) -> Iterator[str]:
    """A server of this code, started in a folder with no other setting than its port."""
    port = free_port()
    ours = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    ours |= {"PYTHONPATH": str(code), "ASSISTANT_PORT": str(port), **environment}
    whose = [sys.executable, "-P", "-c", "import assistant; print(assistant.__file__)"]
    found = subprocess.run(whose, cwd=folder, env=ours, capture_output=True, text=True, check=True)
    assert found.stdout.startswith(str(code))
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen([*ASSISTANT, "serve"], cwd=folder, env=ours, stdout=output, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        while server.poll() is None and not answers(url):
            time.sleep(0.1)
        assert server.poll() is None, log.read_text()
        yield url
    finally:
        server.terminate()
        server.wait(30)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


MODEL = {"ASSISTANT_LLM": "openai:aucun", "ASSISTANT_LLM_BASE_URL": "http://127.0.0.1:9/v1"}  # it reads the prompts


def write_env(folder: Path, text: str) -> None:
    """The file that a person makes, with a language model so that prompts are read."""
    model = "".join(f"{name}={value}\n" for name, value in MODEL.items())
    (folder / ".env").write_text(text + model, encoding="utf-8")


def test_a_clone_starts_from_the_example_file_as_it_is(clone: Path, own_data_dir: Path) -> None:
    make_data_dir(_made(clone / "var"), own_data_dir)
    write_env(clone, EXAMPLE.read_text(encoding="utf-8"))
    with serve(clone, clone):
        assert (clone / "var" / "assistant.db").exists()


def test_an_installed_wheel_starts_anywhere_from_the_example_file_even_with_every_line_in_force(
    installed: Path, tmp_path: Path, own_data_dir: Path
) -> None:
    make_data_dir(_made(tmp_path / "var"), own_data_dir)
    write_env(tmp_path, show_all())
    with serve(installed, tmp_path) as url:
        assert (tmp_path / "var" / "assistant.db").exists()
        with urllib.request.urlopen(f"{url}/notions/concertation", timeout=10) as page:
            assert page.status == 200, "the centre's notes are installed too"


def test_the_image_starts_from_the_example_file_given_as_its_environment(
    installed: Path, tmp_path: Path, own_data_dir: Path
) -> None:
    last = (ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("\nFROM ")[2]
    copied = re.findall(r"^COPY (.*)$", last, re.MULTILINE)
    assert copied == ["--from=build /venv /venv"], "nothing stands in the image but what was installed"
    workdir, written = re.search(r"^WORKDIR /(.*)$", last, re.M), re.search(r"^ENV (.*)$", last, re.M)
    assert workdir
    assert written
    image = dict(pair.split("=", 1) for pair in written[1].split())
    data = make_data_dir(_made(tmp_path / image["ASSISTANT_DATA_DIR"].lstrip("/")), own_data_dir)
    home = _made(tmp_path / workdir[1])
    # As Docker reads such a file: line by line, without quotes; the image's own variables give way to it.
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    image |= {**given, **MODEL, "PATH": os.environ["PATH"], "ASSISTANT_HOST": "127.0.0.1"}
    with serve(installed, home, **{**image, "ASSISTANT_DATA_DIR": given.get("ASSISTANT_DATA_DIR", str(data))}):
        assert (data / "assistant.db").exists()
    assert [path.name for path in home.iterdir()] == ["server.log"]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
