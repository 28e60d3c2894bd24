"""Signatures: cookies and form tokens that nobody but this server makes, and the key that they are made with."""

import contextlib
import hashlib
import hmac
import os
import secrets
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

from assistant.credentials.private_file import write_private
from assistant.settings import Settings
from ingest.refusal import Refusal

_SHORTEST_SECRET = 16  # characters


class SecretWrong(Refusal):
    """The key of the signatures cannot be used; the message says how to mend it, in French."""


class Signatures:
    """Seals what cookies of one purpose hold, and makes the tokens of their forms."""

    def __init__(self, secret: str, purpose: str, lasts: timedelta) -> None:
        self._secret, self._lasts = secret.encode(), lasts
        options = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
        self._serializer = URLSafeTimedSerializer(self._secret, salt=purpose, signer_kwargs=options)

    def seal(self, key: str) -> str:
        """The content of a cookie that holds this id."""
        return str(self._serializer.dumps(key))

    def unseal(self, cookie: str) -> str:
        """The id that a cookie of ours holds, "" in any other."""
        try:
            return str(self._serializer.loads(cookie, max_age=int(self._lasts.total_seconds())))
        except BadSignature:
            return ""

    def make_token(self, key: str) -> str:
        """The token of the forms shown to whoever has this id."""
        return hmac.new(self._secret, f"form:{key}".encode(), "sha256").hexdigest()

    def is_token(self, token: str, key: str) -> bool:
        """Whether a form was shown to whoever has this id."""
        return bool(key) and hmac.compare_digest(token.encode(), self.make_token(key).encode())


def read_secret(settings: Settings) -> str:
    """The key of the signatures: the settings' own, or else a random one kept in the data directory."""
    if chosen := settings.secret.get_secret_value():
        return chosen
    path = settings.data_dir / "secret"
    if not path.exists():
        # Two servers may start at once: the first to link its key wins, and both read that one.
        aside = path.with_name(f".secret-{os.getpid()}")
        write_private(aside, secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
    kept = path.read_text(encoding="utf-8").strip()
    if len(kept) < _SHORTEST_SECRET:
        raise SecretWrong(f"Le fichier {str(path)!r} est abîmé. Supprimez-le : il sera refait au démarrage.")
    return kept
