"""Notices: small pages of plain words, in both languages, as they cannot know which one their reader wants."""

from string import Template

_PAGE = Template("""\
<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>$title</title></head>
<body><main><h1>$title</h1><p>$french</p><p lang="en">$english</p></main></body>
</html>
""")

FRAME_REFUSED = _PAGE.substitute(
    title="L'assistant ne s'affiche pas ici",
    french="Ce site n'est pas parmi ceux où l'assistant peut s'afficher. Les personnes qui administrent l'assistant "
    "peuvent l'ajouter, dans Administration, Widget.",
    english="This site may not show the assistant. Those who run the assistant can allow it.",
)
TOO_MANY_CONVERSATIONS = _PAGE.substitute(
    title="Trop de conversations ouvertes",
    french="Beaucoup de conversations sont ouvertes depuis votre connexion. Fermez-en une, ou revenez dans quelques "
    "minutes, puis rechargez cette page.",
    english="Many conversations are open from your connection. Close one, or come back in a few minutes, then reload "
    "this page.",
)
