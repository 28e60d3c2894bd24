"""What axe finds wrong in a page."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Frame, Page

_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_OPTIONS = {"runOnly": {"type": "tag", "values": _TAGS}, "resultTypes": ["violations"]}


def find_faults(page: Page | Frame, **options: object) -> list[dict[str, Any]]:
    """The faults that axe sees, with its options besides. All that it finds good would take seconds to come here."""
    page.evaluate(_AXE)
    run = "async options => (await axe.run(document, options)).violations"
    return list(page.evaluate(run, {**_OPTIONS, **options}))
