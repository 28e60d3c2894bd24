"""Chainlit's script without what this chat never shows: smaller, and whole all the same."""

import re
from pathlib import Path

import brotli
import pytest

from assistant.chat import bundle
from assistant.chat.bundle import lighten, write_light
from assistant.settings import ROOT

ELEMENTS = ROOT / "assistant" / "chat" / "root" / "public" / "elements"


@pytest.fixture(scope="module")
def script() -> Path:
    import chainlit

    (found,) = (Path(chainlit.__file__).parent / "frontend" / "dist" / "assets").glob("index-*.js")
    return found


@pytest.fixture(scope="module")
def light(script: Path) -> str:
    return lighten(script.read_text(encoding="utf-8"))


def test_a_third_of_the_script_is_left_out(script: Path, light: str) -> None:
    whole = script.read_bytes()
    assert len(brotli.compress(light.encode(), quality=5)) < 0.72 * len(brotli.compress(whole, quality=5))
    assert ".registerLanguage(" not in light


def test_the_pictures_that_are_drawn_are_kept(light: str) -> None:
    asked = "".join(path.read_text(encoding="utf-8") for path in ELEMENTS.glob("*.jsx"))
    names = [name for each in re.findall(r"import \{ (.+) \} from 'lucide-react'", asked) for name in each.split(", ")]
    assert names
    for name in names:
        assert re.search(rf"[{{,]{name}:[\w$]+", light), name
    for drawn in ("copy", "arrow-down", "x", "moon", "thumbs-up"):
        assert f'("{drawn}",' in light
    assert '("a-arrow-down",' not in light


def test_a_script_of_another_shape_stays_as_it_is() -> None:
    other = "const pictures=[['path',{d:'M0 0'}]];function main(){return pictures}"
    assert lighten(other).endswith(other)


def test_it_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "script.js").write_text("const a=1;")
    first = write_light(tmp_path / "script.js", tmp_path, tmp_path / "kept")
    monkeypatch.setattr(bundle, "lighten", None)
    assert write_light(tmp_path / "script.js", tmp_path, tmp_path / "kept") == first
    assert first.read_text().endswith("const a=1;")
