"""Membership: all that members' access is made of, opened once from the settings."""

from dataclasses import dataclass

from sqlalchemy import Engine

from assistant.members.accounts import MemberAccounts
from assistant.members.links import SignInLinks
from assistant.members.mail import Mailer, open_mailer
from assistant.members.provider import Provider, open_provider
from assistant.members.sessions import MemberSessions
from assistant.members.vouching import LASTS, TokenRefused, VouchingSites
from assistant.settings import Settings

_NOT_MEMBER = "Cette personne n'a pas l'accès adhérent."


@dataclass(frozen=True)
class Membership:
    """Accounts, sessions and the ways of signing in. Without mailer or provider, that way is not offered."""

    accounts: MemberAccounts
    sessions: MemberSessions
    links: SignInLinks
    sites: VouchingSites
    mailer: Mailer | None
    provider: Provider | None

    def admit_vouched(self, token: str, origin: str) -> tuple[str, str]:
        """The key of a session for whom a host site's token vouches, and their name; or raise TokenRefused."""
        vouched = self.sites.accept(token, origin)
        member = self.accounts.admit(vouched.site, vouched.subject, vouched.name)
        if member is None:
            raise TokenRefused(_NOT_MEMBER)
        return self.sessions.open(member.id, LASTS), member.name


def open_membership(settings: Settings, database: Engine) -> Membership:
    """The membership of a database, or raise MailWrong, ProviderWrong or SitesWrong when a setting cannot be used."""
    keys = {origin: key.get_secret_value() for origin, key in settings.member_sites.items()}
    return Membership(
        MemberAccounts(database),
        MemberSessions(database, settings.member_session),
        SignInLinks(database),
        VouchingSites(database, keys, settings.public_url),
        open_mailer(settings),
        open_provider(settings),
    )
