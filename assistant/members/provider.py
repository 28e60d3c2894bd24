"""Provider: signs members in with the accounts that an organisation already has (OpenID Connect)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from assistant.settings import Settings
from ingest.refusal import Refusal

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import AsyncOAuth2Client

_SECONDS = 10
_LEEWAY = 30  # seconds that two clocks may differ by
# Never "none", nor a secret shared with the provider: its public keys say who it is.
_ALGORITHMS = ["RS256", "ES256", "PS256", "EdDSA"]


class ProviderWrong(Refusal):
    """The provider is not well set; the message says how to mend it, in French."""


class ProviderFailed(Exception):
    """The provider does not answer, or what it answers cannot be trusted; the message is for the log."""


@dataclass(frozen=True)
class Journey:
    """What one attempt must come back with, kept by the browser that began it."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who the provider says has signed in. `email` only if it has verified it."""

    issuer: str
    subject: str
    name: str
    email: str
    is_member: bool  # has the claim that the settings ask for


@dataclass(frozen=True)
class Provider:
    """An OpenID Connect provider: authorization code, with state, nonce and PKCE."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    claim: tuple[str, str] | None  # that members have: its name and its value
    callback: str

    async def begin(self) -> tuple[str, Journey]:
        """Where to send the browser, and what to keep meanwhile; or raise ProviderFailed."""
        journey = Journey(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
        found = await self._discover()
        async with self._client(journey.state) as client:
            address, _ = client.create_authorization_url(
                found["authorization_endpoint"],
                state=journey.state,
                nonce=journey.nonce,
                code_verifier=journey.verifier,
            )
        return str(address), journey

    async def finish(self, address: str, journey: Journey) -> Identity:
        """Who came back, from the whole address that they came back to; or raise ProviderFailed."""
        from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - for those who have a provider alone

        found = await self._discover()
        try:
            async with self._client(journey.state) as client:
                token = await client.fetch_token(
                    found["token_endpoint"], authorization_response=address, code_verifier=journey.verifier
                )
                keys = KeySet.import_key_set(
                    (await client.request("GET", found["jwks_uri"], withhold_token=True)).json()
                )
            claims = jwt.decode(token["id_token"], keys, algorithms=_ALGORITHMS).claims
            self._rules(journey).validate(claims)
        except (AuthlibBaseError, JoseError, httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
            raise ProviderFailed(type(error).__name__) from error
        return self._identify(claims)

    def _client(self, state: str) -> AsyncOAuth2Client:
        from authlib.integrations.httpx_client import AsyncOAuth2Client  # noqa: PLC0415 - as above

        return AsyncOAuth2Client(
            self.client_id,
            self.client_secret or None,
            token_endpoint_auth_method="client_secret_basic" if self.client_secret else "none",
            scope="openid profile email",
            redirect_uri=self.callback,
            state=state,
            code_challenge_method="S256",
            timeout=_SECONDS,
        )

    async def _discover(self) -> dict[str, str]:
        """The addresses of the provider, which must say that it is itself."""
        try:
            async with httpx2.AsyncClient(timeout=_SECONDS) as client:
                answer = await client.get(f"{self.issuer}/.well-known/openid-configuration")
                found: dict[str, str] = answer.raise_for_status().json()
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderFailed(type(error).__name__) from error
        if str(found.get("issuer", "")).rstrip("/") != self.issuer:
            raise ProviderFailed("its configuration names another issuer")
        missing = {"authorization_endpoint", "token_endpoint", "jwks_uri"} - found.keys()
        if missing:
            raise ProviderFailed(f"its configuration lacks {', '.join(sorted(missing))}")
        return found

    def _rules(self, journey: Journey) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "values": [self.issuer, f"{self.issuer}/"]},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": journey.nonce},
        )

    def _identify(self, claims: Mapping[str, Any]) -> Identity:
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != self.client_id:
            raise ProviderFailed("the token was made for another client")
        email = str(claims.get("email", "")) if claims.get("email_verified") is True else ""
        name = str(claims.get("name") or claims.get("given_name") or "")
        return Identity(self.issuer, str(claims["sub"]), name, email, self._has_claim(claims))

    def _has_claim(self, claims: Mapping[str, Any]) -> bool:
        if self.claim is None:
            return True
        value: Any = claims
        for part in self.claim[0].split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        held = value if isinstance(value, list) else [value]
        return self.claim[1] in [str(each) for each in held if each is not None and not isinstance(each, bool)] or (
            value is True and self.claim[1] == "true"
        )


def open_provider(settings: Settings) -> Provider | None:
    """The provider of the settings, None without one; or raise ProviderWrong."""
    issuer = settings.oidc_issuer.rstrip("/")
    if not issuer:
        return None
    if not settings.oidc_client_id or not settings.public_url:
        raise ProviderWrong(
            "Réglage ASSISTANT_OIDC_ISSUER : il faut aussi ASSISTANT_OIDC_CLIENT_ID et ASSISTANT_PUBLIC_URL."
        )
    name, equals, value = settings.oidc_claim.partition("=")
    if settings.oidc_claim and not (name and equals and value):
        raise ProviderWrong("Réglage ASSISTANT_OIDC_CLAIM : écrivez nom=valeur, comme groups=adherents")
    return Provider(
        issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        settings.oidc_name,
        (name, value) if equals else None,
        f"{settings.public_url}/connexion/retour",
    )
