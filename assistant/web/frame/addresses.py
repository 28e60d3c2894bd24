"""Addresses of the members' pages, and where someone may be led once signed in."""

import re
from urllib.parse import urlsplit

SIGN_IN, SIGN_OUT, ACCOUNT = "/connexion", "/deconnexion", "/mon-compte"
ANSWER = "/reponse"  # the answer to one question, without a script
CHECK = "/verifier"  # a text against the sheets
BINDING = "/relier"  # a conversation in the frame of another site, where cookies are not sent
LINK, MAIL, PROVIDER, RETURN = f"{SIGN_IN}/lien", f"{SIGN_IN}/courriel", f"{SIGN_IN}/fournisseur", f"{SIGN_IN}/retour"
_LONGEST = 2_000
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def is_path(written: str) -> bool:
    """Whether an address is a path from the top down, in which no browser reads another site."""
    return len(written) <= _LONGEST and _PATH.fullmatch(written) is not None and "/.." not in written


def our_page(written: str) -> str:
    """The page to go to after signing in: one of ours for everyone, whatever an address says; the chat otherwise."""
    parts = urlsplit(written) if is_path(written) else None
    if parts is None or parts.scheme or parts.netloc or parts.path.startswith((SIGN_IN, SIGN_OUT, "/admin", "/api/")):
        return "/chat/"
    return written
