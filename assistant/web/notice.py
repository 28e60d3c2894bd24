"""Notices: small pages of plain words, in both languages, as they cannot know which one their reader wants."""

from string import Template

_PAGE = Template("""\
<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>$title</title></head>
<body><main><h1>$title</h1><p>$french</p><p lang="en">$english</p></main></body>
</html>
""")

TOO_MANY_CONVERSATIONS = _PAGE.substitute(
    title="Trop de conversations ouvertes",
    french="Beaucoup de conversations sont ouvertes depuis votre connexion. Fermez-en une, ou revenez dans quelques "
    "minutes, puis rechargez cette page.",
    english="Many conversations are open from your connection. Close one, or come back in a few minutes, then reload "
    "this page.",
)

TOO_LARGE = _PAGE.substitute(
    title="Fichier trop lourd",
    french="Ce fichier dépasse 2 Mo. Enlevez-en les images, ou collez son texte, puis recommencez.",
    english="This file is larger than 2 MB. Remove its pictures, or paste its text, then try again.",
)

BROUGHT_TOO_LARGE = _PAGE.substitute(
    title="Fichiers trop lourds",
    french="Ces fichiers dépassent 60 Mo ensemble. Revenez en arrière, et apportez le tableau seul, ou découpez-le.",
    english="These files are larger than 60 MB together. Go back, and bring the table alone, or part it.",
)

TOO_MANY_REQUESTS = _PAGE.substitute(
    title="Trop de demandes",
    french="Beaucoup de pages sont demandées depuis votre connexion. Attendez une minute, puis rechargez cette page.",
    english="Many pages are asked for from your connection. Wait a minute, then reload this page.",
)
