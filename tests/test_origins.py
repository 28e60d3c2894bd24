"""Origins, limits and snippets of the widget, without a server."""

import re
import time
from pathlib import Path

import pytest

from assistant.edge.limits import Limits
from assistant.edge.visitor import find_visitor
from assistant.settings import SettingsWrong, read_settings
from assistant.validation.origin import origin_of, read_origin
from assistant.widget.chosen import read_chosen
from assistant.widget.color import BLACK, WHITE, Color, contrast, read_color
from assistant.widget.origins import WidgetOrigins
from assistant.widget.snippet import Options, policy_lines, write_snippet
from index.filters import Filters

HERE = "https://assistant.exemple.fr"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://www.exemple.fr", "https://www.exemple.fr"),
        (" https://WWW.Exemple.fr/ ", "https://www.exemple.fr"),
        ("https://exemple.fr:443", "https://exemple.fr"),
        ("https://exemple.fr:8443", "https://exemple.fr:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://café.exemple.fr", "https://xn--caf-dma.exemple.fr"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_origin_is_read_as_browsers_write_it(written: str, read: str) -> None:
    assert read_origin(written) == read


@pytest.mark.parametrize(
    "written",
    [
        *(
            "*",
            "https://*.exemple.fr",
            "https://exemple.fr:*",
            "null",
            "",
            "exemple.fr",
            "ftp://exemple.fr",
            "https://",
        ),
        *("https://exemple.fr/page", "https://exemple.fr?a=1", "https://exemple.fr#a", "https://a@exemple.fr"),
        *("https://exemple.fr;script-src", "https://exem ple.fr", "https://exemple.fr:99999", "https://exemple..fr"),
        "https://a.fr 'unsafe-inline'",
    ],
)
def test_what_is_no_exact_origin_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="exemple"):
        read_origin(written)


def test_a_wildcard_in_the_settings_is_refused_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_WIDGET_ORIGINS", '["https://www.exemple.fr", "https://*.exemple.fr"]')
    with pytest.raises(SettingsWrong, match=r"ASSISTANT_WIDGET_ORIGINS : 'https://\*\.exemple\.fr' : les jokers"):
        read_settings()
    monkeypatch.setenv("ASSISTANT_WIDGET_ORIGINS", '["https://www.exemple.fr/"]')
    assert read_settings().widget_origins == ("https://www.exemple.fr",)


@pytest.mark.parametrize("written", ["beaucoup", "0/minute", "10"])
def test_a_limit_that_cannot_be_read_is_refused(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LIMIT_VISITOR", written)
    with pytest.raises(SettingsWrong, match="60/minute"):
        read_settings()


def test_no_site_is_allowed_until_one_is_named() -> None:
    assert read_settings().widget_origins == ()


def test_the_sites_of_the_staff_hold_at_once_and_on_other_servers(tmp_path: Path) -> None:
    here, elsewhere = (WidgetOrigins(("https://a.fr",), tmp_path) for _ in range(2))
    assert elsewhere.allowed() == ("https://a.fr",)
    here.keep(["https://b.fr/", "https://b.fr", "https://a.fr"])
    assert elsewhere.allowed() == ("https://a.fr", "https://b.fr")
    here.keep([])
    assert elsewhere.allowed() == ("https://a.fr",)


def test_a_spoilt_file_of_sites_allows_none_of_them(tmp_path: Path) -> None:
    origins = WidgetOrigins((), tmp_path)
    origins.keep(["https://b.fr"])
    for spoilt in ("{", '["https://*"]', "3", "[3]"):
        (tmp_path / "widget-origins.json").write_text(spoilt)
        assert origins.allowed() == ()


def test_the_origin_of_a_page_is_read_from_its_address() -> None:
    assert origin_of("https://www.exemple.fr/une/page?x=1") == "https://www.exemple.fr"
    assert origin_of("about:blank") == ""


def visitor(address: str) -> str:
    return find_visitor({"client": (address, 0)})


def test_an_ipv6_visitor_is_its_network_and_the_machine_itself_is_nobody() -> None:
    assert visitor("2001:db8::1") == visitor("2001:db8:0:0:ffff::2") != visitor("2001:db8:0:1::1")
    assert visitor("192.0.2.1") != visitor("192.0.2.2")
    assert visitor("127.0.0.1") == visitor("::1") == find_visitor({"client": None}) == ""
    assert "192.0.2.1" not in visitor("192.0.2.1")


def test_questions_are_counted_by_visitor_and_by_site() -> None:
    limits = Limits("2/hour", "3/hour", 1, 1)
    assert limits.take_questions("ana", "https://a.fr") == 0
    assert limits.take_questions("ana", "https://a.fr") == 0
    assert 3590 < limits.take_questions("ana", "https://a.fr") <= 3600
    assert limits.take_questions("ana", "https://b.fr") > 0
    assert limits.take_questions("bea", "https://a.fr") == 0
    assert limits.take_questions("cleo", "https://a.fr") > 0, "the site has had its three"
    assert limits.take_questions("cleo", "https://b.fr") == 0, "what was refused is not counted"
    assert limits.take_questions("", "") == 0


def test_several_questions_at_once_count_each_and_a_window_moves_on() -> None:
    limits = Limits("3/second", "", 1, 1)
    assert limits.take_questions("ana", "", 2) == 0
    assert limits.take_questions("ana", "", 2) == 1
    time.sleep(1.05)
    assert limits.take_questions("ana", "", 20) == 0, "more than the limit is taken when nothing else was"


def test_conversations_are_counted_while_they_are_open() -> None:
    limits = Limits("", "", 2, 3)
    assert limits.open("1", "ana")
    assert limits.open("2", "ana")
    assert not limits.open("3", "ana")
    assert limits.open("4", "bea")
    assert not limits.open("5", ""), "three are open in all"
    limits.close("1")
    assert limits.open("5", "")


@pytest.mark.parametrize(
    ("options", "snippet"),
    [
        pytest.param(Options(), f'<script src="{HERE}/widget.js" defer></script>', id="button"),
        pytest.param(
            Options(position="gauche", lang="en", label='"><script>', open=True),
            f'<script src="{HERE}/widget.js" data-lang="en" data-position="gauche" '
            'data-label="&quot;&gt;&lt;script&gt;" data-open defer></script>',
            id="escaped",
        ),
        pytest.param(
            Options(form="integre", sheet="12", filters=Filters(porteur=("PV",), annee=(2019,))),
            f'<div data-assistant data-sheet="12" data-filters="porteur=PV&amp;annee=2019"></div>\n'
            f'<script src="{HERE}/widget.js" defer></script>',
            id="in the page",
        ),
        pytest.param(
            Options(form="element", label="Une question"),
            f'<assistant-participation label="Une question"></assistant-participation>\n'
            f'<script src="{HERE}/widget.js" defer></script>',
            id="element",
        ),
        pytest.param(
            Options(form="cadre", lang="fr", filters=Filters(porteur=("PV",))),
            f'<iframe src="{HERE}/chat/?frame=1&amp;lang=fr&amp;porteur=PV" '
            'title="Assistant : exemples de participation citoyenne" width="100%" height="640" loading="lazy" '
            'referrerpolicy="origin" allow="clipboard-write" frameborder="0"></iframe>',
            id="frame",
        ),
    ],
)
def test_the_snippet_says_what_was_chosen(options: Options, snippet: str) -> None:
    assert write_snippet(options, HERE) == snippet


def test_a_frame_without_script_needs_no_script_allowed() -> None:
    assert policy_lines("bouton", HERE) == f"script-src {HERE}; frame-src {HERE};"
    assert policy_lines("cadre", HERE) == f"frame-src {HERE};"


def test_the_guide_gives_the_policy_lines_that_the_staffs_page_writes() -> None:
    guide = (Path(__file__).parent.parent / "docs" / "fr" / "integrer.md").read_text(encoding="utf-8")
    for form in ("bouton", "integre", "element", "cadre"):
        assert f"```\n{policy_lines(form, HERE)}\n```" in guide
    assert write_snippet(Options(), HERE) in guide
    assert write_snippet(Options(form="cadre"), HERE) in " ".join(guide.split())


def test_the_guide_tells_every_option_and_every_call_of_the_widget() -> None:
    root = Path(__file__).parent.parent
    guide = (root / "docs" / "fr" / "integrer.md").read_text(encoding="utf-8")
    script = (root / "assistant" / "web" / "static" / "widget.js").read_text(encoding="utf-8")
    filters = re.search(r"const FILTERS = \[(.*?)\]", script)
    options = re.search(r"const OPTIONS = \[(.*?)\]", script)
    assert filters
    assert options
    for name in re.findall(r"'([a-z]+)'", filters[1] + options[1]):
        assert f"data-{name}" in guide
    for call in ("open", "close", "ask", "on", "vouch", "remove", "mount"):
        assert f"{call}(" in guide


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("#7a2e5d", Color(122, 46, 93)),
        (" #FFF ", WHITE),
        ("rgb(0, 0, 0)", BLACK),
        ("rgb(122 46 93)", Color(122, 46, 93)),
        ("rgb(300, 0, 0)", Color(255, 0, 0)),
        ("hsl(30 100% 50%)", Color(255, 128, 0)),
        ("hsl(323, 45%, 33%)", Color(122, 46, 93)),
        ("RebeccaPurple", Color(102, 51, 153)),
    ],
)
def test_a_colour_is_read_as_browsers_read_it(written: str, read: Color) -> None:
    assert read_color(written) == read


@pytest.mark.parametrize(
    "written",
    ["bleu", "#12345", "#7a2e5d80", "rgba(0, 0, 0, 0.5)", "transparent", "var(--x)", "rgb(1, 2)", "#fff;}"],
)
def test_what_is_no_opaque_colour_is_refused_in_words(written: str) -> None:
    with pytest.raises(ValueError, match="n'est pas une couleur, écrivez #7a2e5d"):
        read_color(written)


def test_a_label_is_read_on_every_colour() -> None:
    steps = range(0, 256, 15)
    colors = [Color(red, green, blue) for red in steps for green in steps for blue in steps]
    assert min(contrast(color, color.label) for color in colors) >= 4.5
    assert contrast(BLACK, WHITE) == pytest.approx(21)


def test_what_is_wrong_in_a_form_is_said_by_field_and_the_rest_holds() -> None:
    written = {
        "form": "rond",
        "color": "bleu",
        "label": "x" * 81,
        "greeting": "Bonjour",
        "porteur": "ZZ",
        "demarche": "BP",
    }
    chosen = read_chosen(written, {"porteur": {"PV": "Ville"}, "demarche": {"BP": "Budget participatif"}})
    assert chosen.options == Options(greeting="Bonjour", filters=Filters(demarche=("BP",)))
    assert chosen.wrong == {
        "form": "Ce choix n'existe pas : prenez-en un de la liste.",
        "color": "« bleu » n'est pas une couleur, écrivez #7a2e5d, rgb(122, 46, 93), hsl(323, 45%, 33%), "
        "ou un nom anglais comme purple.",
        "label": "80 caractères au plus.",
        "porteur": "Ce choix n'existe pas : prenez-en un de la liste.",
    }
    assert chosen.label_said == ""
    assert (
        read_chosen({"color": "gold"}, {}).label_said == "Le libellé y sera écrit en noir (contraste de 15,0 pour 1)."
    )
