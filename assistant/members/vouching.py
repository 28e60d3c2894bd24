"""Vouching: a host site tells, by a signed token, that the person on its page is a member."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from assistant.credentials.keys import hash_key
from assistant.store.tables import spent_tokens
from ingest.refusal import Refusal
from ingest.repair import is_writable

LASTS = timedelta(hours=12)  # of the session that a token gives
_LONGEST_LIFE, _LEEWAY = 300, 30  # seconds of a token; that two clocks may differ by
_LONGEST_TOKEN, _LONGEST_CLAIM = 4_000, 200  # characters
_SHORTEST_SECRET = 32  # characters
_Key = OctKey | KeySet


class SitesWrong(Refusal):
    """The sites that vouch for members are not well set; the message says how to mend it, in French."""


class TokenRefused(Exception):
    """A token proves nothing; the message says why, in French, without repeating what it holds."""


@dataclass(frozen=True)
class Vouched:
    """Whom a site vouches for. `subject` is the site's own id for them."""

    site: str
    subject: str
    name: str


class VouchingSites:
    """The sites that may vouch, each with its key: a secret that it shares with us, or its public keys."""

    def __init__(self, database: Engine, keys: Mapping[str, str], audience: str) -> None:
        """`keys` by origin: a secret, or the path of a PEM or JWKS file. Raises SitesWrong."""
        if keys and not audience:
            raise SitesWrong(
                "Réglage ASSISTANT_MEMBER_SITES : il faut aussi ASSISTANT_PUBLIC_URL, que les jetons nomment."
            )
        self._database, self._audience = database, audience
        self._keys = {_read_origin(origin): _read_key(origin, key) for origin, key in keys.items()}

    def __bool__(self) -> bool:
        """Whether any site may vouch."""
        return bool(self._keys)

    def accept(self, token: str, origin: str) -> Vouched:
        """Whom a token vouches for, on a page of `origin`; it is spent. Or raise TokenRefused."""
        key = self._keys.get(origin)
        if key is None:
            raise TokenRefused("Ce site ne peut pas désigner d'adhérents.")
        claims = self._read(token, key, origin)
        vouched = Vouched(origin, _text(claims, "sub"), _writable(str(claims.get("name", "")), "name"))
        self._spend(f"{origin}\n{_text(claims, 'jti')}", int(claims["exp"]))
        return vouched

    def _read(self, token: str, key: _Key, origin: str) -> dict[str, Any]:
        """The claims of a token that this key signed, for us, a moment ago."""
        if len(token) > _LONGEST_TOKEN:
            raise TokenRefused("Ce jeton est trop long.")
        # A public key must never be taken for a shared secret: the kind of key says which algorithms there are.
        algorithms = ["HS256"] if isinstance(key, OctKey) else ["RS256", "ES256"]
        rules = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": origin},
            aud={"essential": True, "value": self._audience},
            exp={"essential": True},
            sub={"essential": True},
            jti={"essential": True},
        )
        try:
            claims = jwt.decode(token, key, algorithms=algorithms).claims
            rules.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise TokenRefused("Ce jeton n'est pas valable : signature, destinataire ou durée.") from error
        # Compared, not subtracted: a number of 400 digits is no float. What is not a number compares with nothing.
        if not claims["exp"] <= time.time() + _LONGEST_LIFE + _LEEWAY:
            raise TokenRefused("Ce jeton dure trop longtemps : cinq minutes au plus.")
        return dict(claims)

    def _spend(self, name: str, ends: int) -> None:
        row = {"key_hash": hash_key(name), "ends": datetime.fromtimestamp(ends, UTC) + timedelta(seconds=2 * _LEEWAY)}
        try:
            with self._database.begin() as connection:
                connection.execute(insert(spent_tokens).values(row))
        except IntegrityError as error:
            raise TokenRefused("Ce jeton a déjà servi.") from error


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims[name]
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_CLAIM:
        raise TokenRefused(
            f"Ce jeton n'est pas valable : « {name} » doit être un texte de {_LONGEST_CLAIM} signes au plus."
        )
    return _writable(value, name)


def _writable(value: str, name: str) -> str:
    """The beginning of a text without what no database writes: half of a character, or a NUL."""
    if not is_writable(value):
        raise TokenRefused(f"Ce jeton n'est pas valable : « {name} » a des caractères interdits.")
    return value[:_LONGEST_CLAIM]


def _read_origin(written: str) -> str:
    parts = urlsplit(written)
    if written != f"{parts.scheme}://{parts.netloc}" or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise SitesWrong(
            f"Réglage ASSISTANT_MEMBER_SITES : {written!r} n'est pas l'origine d'un site. Écrivez https://www.exemple.fr"
        )
    return written


def _read_key(origin: str, written: str) -> _Key:
    """A secret as it is, or the public keys of a file: JWKS, or one key in PEM."""
    if not written.endswith((".pem", ".json")):
        try:
            if len(written) >= _SHORTEST_SECRET:
                return OctKey.import_key(written)
        except ValueError:  # a public key is no secret
            pass
        raise SitesWrong(
            f"Réglage ASSISTANT_MEMBER_SITES, {origin} : au moins {_SHORTEST_SECRET} caractères tirés au hasard, "
            "ou le chemin d'un fichier .pem ou .json de clés publiques."
        )
    try:
        text = Path(written).read_text(encoding="utf-8")
        if written.endswith(".json"):
            return KeySet.import_key_set(json.loads(text))
        key = ECKey.import_key(text) if "EC" in _kind(text) else RSAKey.import_key(text)
        return KeySet([key])
    except (OSError, ValueError, KeyError, JoseError) as error:
        raise SitesWrong(f"Réglage ASSISTANT_MEMBER_SITES, {origin} : {written!r} ne se lit pas ({error}).") from error


def _kind(pem: str) -> str:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey  # noqa: PLC0415 - seldom needed
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    return "EC" if isinstance(load_pem_public_key(pem.encode()), EllipticCurvePublicKey) else "RSA"
