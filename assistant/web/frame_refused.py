"""Frame refused: what a site that may not show the chat shows in its place, one sentence that any page may frame.

Under the chat's own policy a browser would show an error of its own, or nothing. Nothing can be done from this page:
no link, no form, no style; its one script tells the page around, whose widget says in its console how to mend it.
"""

from string import Template

from starlette.responses import HTMLResponse

from assistant.web.frame.templates import mark_file

# No `frame-ancestors`: even "*" would leave out a page opened from the disk, which is to read the sentence too.
_POLICY = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'"
_SENTENCES = {
    "fr": "Ce site n'est pas autorisé à afficher l'assistant.",
    "en": "This site is not allowed to show the assistant.",
}
_PAGE = Template("""\
<!doctype html>
<html lang="$lang">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>$sentence</title>
<script src="$script" defer></script></head>
<body><main><h1>$sentence</h1></main></body>
</html>
""")


def refuse_frame(lang: str) -> HTMLResponse:
    """The page, in French unless English is asked for."""
    known = lang if lang in _SENTENCES else "fr"
    page = _PAGE.substitute(lang=known, sentence=_SENTENCES[known], script=mark_file("refused.js"))
    return HTMLResponse(page, 403, {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"})
