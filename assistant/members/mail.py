"""Mail: sends the links that sign members in, and what staff must know, through the mail server of the settings."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from assistant.settings import Settings
from ingest.refusal import Refusal

_SECONDS = 15
_PORTS = {"smtp": 587, "smtps": 465}
_SUBJECT = "Votre lien de connexion"
_TEXT = """\
Bonjour,

Voici le lien qui vous connecte à l'espace adhérent de « {centre} ». Il sert une fois, pendant {minutes} minutes :

{link}

Si vous n'avez rien demandé, ne faites rien : personne n'entre sans ce lien.
"""


class MailWrong(Refusal):
    """The mail server is not well set; the message says how to mend it, in French."""


@dataclass(frozen=True)
class Mailer:
    """A mail server, and who the messages come from."""

    host: str
    port: int
    is_tls: bool  # from the first byte; else STARTTLS, unless the server is this machine
    user: str
    password: str = field(repr=False)
    sender: str
    centre: str

    def send_link(self, email: str, link: str, minutes: int) -> None:
        """Send a link; raises OSError or SMTPException when the server does not take it."""
        self.send(email, _SUBJECT, _TEXT.format(centre=self.centre, minutes=minutes, link=link))

    def send(self, email: str, subject: str, text: str) -> None:
        """Send a message; raises OSError or SMTPException when the server does not take it."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, email, f"{subject} – {self.centre}"
        message["Date"], message["Message-ID"] = (
            formatdate(),
            make_msgid(domain=self.sender.rpartition("@")[2].strip(">")),
        )
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        context = ssl.create_default_context()
        if self.is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=_SECONDS)
        with server:
            if not self.is_tls and self.host not in ("localhost", "127.0.0.1"):
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)


def open_mailer(settings: Settings) -> Mailer | None:
    """The mail server of the settings, None without one; or raise MailWrong."""
    address = settings.smtp_url.get_secret_value()
    if not address:
        return None
    parts = urlsplit(address)
    try:
        port = parts.port or _PORTS[parts.scheme]
        host = parts.hostname or ""
    except (KeyError, ValueError):
        host = ""
    if not host:
        raise MailWrong(
            "Réglage ASSISTANT_SMTP_URL : écrivez smtp://utilisateur:mot-de-passe@serveur:587, ou smtps://…"
        )
    if not settings.public_url:
        # The address of a request may be anyone's: a link must never be made of it.
        raise MailWrong(
            "Réglage ASSISTANT_SMTP_URL : il faut aussi ASSISTANT_PUBLIC_URL, pour écrire les liens envoyés."
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    sender = settings.mail_from or settings.contact
    return Mailer(host, port, parts.scheme == "smtps", user, password, sender, settings.centre_name)
