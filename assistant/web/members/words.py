"""Words of the pages of signing in."""

WRONG = "Cette adresse ou ce mot de passe n'est pas le bon."
NO_EMAIL = "Écrivez une adresse électronique, comme prenom.nom@exemple.fr."
SENT = (
    "Si cette adresse est celle d'un adhérent, un lien de connexion vient de lui être envoyé. Il sert une fois, "
    "pendant {minutes} minutes. Rien reçu ? Regardez dans les indésirables, ou écrivez à {contact}."
)
LINK_OVER = "Ce lien a déjà servi, ou n'est plus valable. Demandez-en un autre."
PROVIDER_FAILED = "La connexion avec {name} n'a pas abouti. Recommencez, ou choisissez un autre moyen."
NOT_MEMBER = "Votre compte n'ouvre pas l'espace adhérent. Si vous pensez que c'est une erreur, écrivez à {contact}."
ALREADY_BOUND = "Cette conversation est déjà reliée, ou ce lien a déjà servi. Recommencez depuis la conversation."
LEFT = "Vous êtes déconnecté."
LEFT_EVERYWHERE = "Vous êtes déconnecté de tous vos appareils."
CHANGED = "Votre mot de passe est changé ; vos autres appareils sont déconnectés."
NOT_YOURS = "Le mot de passe actuel n'est pas le bon."
