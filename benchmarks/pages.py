"""Pages: what each weighs, how many files it asks for and how soon it can be used, in a Chromium that has kept nothing.

    python -m benchmarks.pages http://127.0.0.1:8000 / /fiches /fiches/1 /chat/

A page is usable once all its scripts ran, its text is painted and, in the chat, a question can be typed. Each is opened
as this machine serves it, then as a phone would get it (four times slower, 1.6 Mbit/s, 150 ms to the server: the slow
mobile network of Lighthouse). Medians of some rounds.
"""

import argparse
import json
import shutil
from statistics import median
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, sync_playwright

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_FLAGS += ["--disable-sync", "--no-first-run"]
_PAGES = ["/", "/fiches", "/fiches/1", "/chat/"]
_PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length"
_TIMES = """() => {
    const [opened] = performance.getEntriesByType('navigation');
    const painted = performance.getEntriesByName('first-contentful-paint')[0].startTime;
    return { painted, usable: Math.max(painted, opened.domContentLoadedEventEnd) };
}"""
_SLOW_CPU = 4  # times
_SLOW_NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}


def open_page(browser: Browser, url: str, *, is_slow: bool) -> dict[str, float]:
    """Bytes on the wire, files, hosts other than the page's own, milliseconds to the first paint and until usable."""
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    session: CDPSession = context.new_cdp_session(page)
    session.send("Network.enable")
    if is_slow:
        session.send("Network.emulateNetworkConditions", _SLOW_NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOW_CPU})
    sizes: list[float] = []
    hosts: set[str] = set()
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(url, wait_until="load", timeout=120_000)
    page.wait_for_function(_PAINTED)
    times = page.evaluate(_TIMES)
    if urlsplit(url).path.startswith("/chat"):
        page.locator("#chat-submit, #chat-input").first.wait_for(timeout=120_000)
        times["usable"] = page.evaluate("performance.now()")
    page.wait_for_load_state("networkidle")
    context.close()
    hosts -= {urlsplit(url).netloc, ""}
    return {"bytes": sum(sizes), "files": len(sizes), "elsewhere": len(hosts), **times}


def measure_page(browser: Browser, url: str, rounds: int, *, is_slow: bool) -> dict[str, int]:
    """Medians of what `open_page` tells."""
    opened = [open_page(browser, url, is_slow=is_slow) for _ in range(rounds)]
    return {key: round(median(each[key] for each in opened)) for key in opened[0]}


def main() -> None:
    """Measure, and print a line of JSON for each page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("pages", nargs="*", default=_PAGES)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        for path in options.pages:
            here, phone = (
                measure_page(browser, options.url + path, options.rounds, is_slow=slow) for slow in (False, True)
            )
            times = {f"{key}_phone": phone[key] for key in ("painted", "usable")}
            print(json.dumps({"page": path, **here, **times}), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
