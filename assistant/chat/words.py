"""Words: what the chat says by itself, beside the answers, in each language of its interface.

The words of buttons and panels stand in `root/scripts/words.js`, those of Chainlit's own in `root/translations`.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.serving.reception import BUSY
from assistant.wording import QUESTION_TOO_LONG
from ingest.layout import Language


@dataclass(frozen=True)
class Words:
    """The words of one language; those in braces are filled in."""

    welcome: str
    welcome_member: str
    access_ended: str
    access_unsure: str
    stopped: str
    failed: str
    source_gone: str
    not_kept: str
    busy: str
    too_many_questions: str
    too_many_conversations: str
    not_opened: str
    too_long: str


_WORDS: dict[Language, Words] = {
    "fr": Words(
        welcome="""\
# {centre_name}

**Un programme vous répond, pas une personne.** \
Posez votre question avec vos mots : l'assistant cherche dans les **{practices} fiches** du centre des exemples réels \
de participation citoyenne et cite les phrases qui vous répondent. Cliquez sur un numéro pour lire la fiche.

Les **fiches de présentation** sont ouvertes à tous. Les **fiches descriptives** sont réservées aux adhérents : \
pour y accéder, écrivez à {contact}.
""",
        welcome_member="""\
# {centre_name}

**Un programme vous répond, pas une personne.** \
Posez votre question avec vos mots : l'assistant cherche dans les **{practices} fiches** du centre, et dans leurs \
**fiches descriptives** réservées aux adhérents, des exemples réels de participation citoyenne. Il cite les phrases \
qui vous répondent, avec leur page. Cliquez sur un numéro pour lire la fiche.

Ce qui vient d'une fiche descriptive ne doit pas être diffusé.
""",
        access_ended="Votre accès adhérent a pris fin : je réponds maintenant avec les fiches ouvertes à tous, et j'ai \
oublié ce que nous avions dit. Pour retrouver l'accès, [connectez-vous](/connexion?suite=/chat/).",
        access_unsure="Votre accès adhérent ne peut pas être vérifié en ce moment : je réponds avec les fiches \
ouvertes à tous, et cette conversation n'est pas gardée.",
        stopped="Réponse interrompue.",
        failed="Une erreur nous a empêchés de répondre. Elle a été signalée ; réessayez dans un instant.",
        source_gone="Cette fiche n'est plus dans le centre de ressources.",
        not_kept="Cette conversation n'est plus gardée, ou vous n'êtes pas connecté avec le compte qui l'a tenue.",
        busy=BUSY,
        too_many_questions="Beaucoup de questions arrivent de votre connexion. Attendez {wait}, puis recommencez.",
        too_many_conversations="Trop de conversations sont ouvertes depuis votre connexion : fermez-en une.",
        not_opened="Cette conversation ne peut pas être ouverte : rechargez la page.",
        too_long=QUESTION_TOO_LONG,
    ),
    "en": Words(
        welcome="""\
# {centre_name}

**A program answers you, not a person.** \
Ask your question in your own words, in English or in French: the assistant looks through the **{practices} sheets** \
of the centre for real examples of public participation, and quotes the sentences that answer you, in French as they \
were written. Select a number to read the sheet.

**Presentation sheets** are open to everyone. **Descriptive sheets** are for members: to get access, write to {contact}.
""",
        welcome_member="""\
# {centre_name}

**A program answers you, not a person.** \
Ask your question in your own words, in English or in French: the assistant looks through the **{practices} sheets** \
of the centre, and through their **descriptive sheets** for members, for real examples of public participation. It \
quotes the sentences that answer you, in French as they were written, with their page. Select a number to read it.

What comes from a descriptive sheet must not be passed on.
""",
        access_ended="Your member's access has ended: I now answer from the sheets that are open to everyone, and have \
forgotten what we said. To get it back, [sign in](/connexion?suite=/chat/).",
        access_unsure="Your member's access cannot be checked at the moment: I answer from the sheets that are open to \
everyone, and this conversation is not kept.",
        stopped="Answer stopped.",
        failed="An error kept us from answering. It has been reported; please try again in a moment.",
        source_gone="This sheet is no longer in the resource centre.",
        not_kept="This conversation is no longer kept, or you are not signed in with the account that held it.",
        busy="Many people are asking questions at the moment. Please try again in a few seconds.",
        too_many_questions="Many questions come from your connection. Wait {wait}, then ask yours again.",
        too_many_conversations="Too many conversations are open from your connection: close one.",
        not_opened="This conversation cannot be opened: reload the page.",
        too_long="The question is too long: {length} characters, {longest} at most.",
    ),
}


def words(language: Language) -> Words:
    """The words of a language."""
    return _WORDS[language]
