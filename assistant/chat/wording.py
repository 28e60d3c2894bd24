"""Wording of the chat: what people read beside the answers."""

WELCOME = """\
# {centre_name}

Posez votre question avec vos mots : l'assistant cherche dans les **{practices} fiches** du centre des exemples réels \
de participation citoyenne et cite les phrases qui vous répondent. Cliquez sur un numéro pour lire la fiche.

Les **fiches de présentation** sont ouvertes à tous. Les **fiches descriptives** sont réservées aux adhérents : \
pour y accéder, écrivez à {contact}.
"""
STARTERS = (
    ("Impliquer les jeunes", "Comment faire participer les jeunes au budget d'une petite commune ?"),
    ("Aller vers les habitants", "Comment aller vers les habitants qui ne viennent jamais aux réunions publiques ?"),
    ("Plan climat", "Quelles collectivités ont construit leur plan climat avec les habitants ?"),
    ("Qu'est-ce que ce centre ?", "D'où viennent les exemples de ce centre de ressources ?"),
)
STOPPED = "Réponse interrompue."
FAILED = "Une erreur nous a empêchés de répondre. Elle a été signalée ; réessayez dans un instant."
SOURCE_GONE = "Cette fiche n'est plus dans le centre de ressources."
MEMBERS_ONLY = "Une fiche descriptive plus complète est réservée aux adhérents. Pour y accéder, écrivez à {contact}."
TOO_MANY_QUESTIONS = (
    "Beaucoup de questions arrivent en même temps de votre connexion. Attendez {wait}, puis posez de nouveau la vôtre."
)
TOO_MANY_CONVERSATIONS = (
    "Trop de conversations sont ouvertes depuis votre connexion. Fermez-en une, puis rechargez cette page."
)
