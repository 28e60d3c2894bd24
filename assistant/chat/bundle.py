"""Bundle: Chainlit's script without what this chat never shows: a third less to wait for on a slow line.

It comes in one file, with how 190 programming languages are coloured, and 1 650 pictures. Both are written in shapes
that say by themselves where they end. In a version that writes them otherwise nothing is cut, and a test tells.
"""

import hashlib
import re
from collections import Counter
from pathlib import Path

_NOTICE = "/* Chainlit's script (Apache License 2.0), changed: without what is not shown here. */\n"
_NAME = r"[\w$]+"
# function A(){if(B)return C;B=1; … return C=D,C}: a module that is evaluated when it is first asked for.
_MODULE = re.compile(rf"function ({_NAME})\(\)\{{if\(({_NAME})\)return ({_NAME});\2=1;.*?return \3={_NAME},\3\}}", re.S)
_LANGUAGE = re.compile(rf'{_NAME}\.registerLanguage\("[^"]+",({_NAME})\(\)\);')
# const A=[["path",{d:"…"}],…],B=make("arrow-down",A);
_STRING = r'"(?:[^"\\]|\\.)*"'
_PART = rf'\["\w+",\{{(?:\w+:{_STRING},?)*\}}\]'
_PICTURE = re.compile(rf'const ({_NAME})=\[{_PART}(?:,{_PART})*\],({_NAME})={_NAME}\("[\w-]+",\1\);')
# All pictures by their names, each under two or three of them.
_BY_NAME = re.compile(rf"\{{__proto__:null,(?:\w+:{_NAME},?)+\}}")


def write_light(script: Path, folder: Path, kept: Path) -> Path:
    """Write the light form of a script under a name of its own; it is made once, and kept in `kept`."""
    content = script.read_bytes()
    digest = hashlib.sha256(content + Path(__file__).read_bytes()).hexdigest()[:16]
    made = kept / f"{digest}.js"
    if not made.exists():
        kept.mkdir(parents=True, exist_ok=True)
        aside = kept / f".{digest}-{id(content)}"
        aside.write_text(lighten(content.decode()), encoding="utf-8")
        aside.replace(made)
    light = folder / f"index-{digest}.js"
    light.write_bytes(made.read_bytes())
    return light


def lighten(script: str) -> str:
    """The script without its programming languages, and without the pictures that it never draws."""
    return _NOTICE + _without_pictures(_without_languages(script))


def _without_languages(script: str) -> str:
    named = set(_LANGUAGE.findall(script))
    modules = {found[1]: found[0] for found in _MODULE.finditer(script) if found[1] in named}
    left = _LANGUAGE.sub(lambda found: "" if found[1] in modules else found[0], script)
    # Some are asked for by others too: only those that nothing else names go.
    times = Counter(re.findall(_NAME, left))
    return _MODULE.sub(lambda found: "" if found[1] in modules and times[found[1]] == 1 else found[0], left)


def _without_pictures(script: str) -> str:
    # A short name may be that of something else too: what is doubtful stays.
    times = Counter(re.findall(_NAME, _BY_NAME.sub("", script)))
    unused = {found[2] for found in _PICTURE.finditer(script) if times[found[2]] == 1}
    left = _PICTURE.sub(lambda found: "" if found[2] in unused else found[0], script)
    return _BY_NAME.sub(lambda found: _keep_names(found[0], unused), left)


def _keep_names(names: str, unused: set[str]) -> str:
    pairs = names.removeprefix("{__proto__:null,").removesuffix("}").split(",")
    return "{__proto__:null," + ",".join(each for each in pairs if each.split(":")[1] not in unused) + "}"
