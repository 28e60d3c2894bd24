"""Seal: the site that shows a page of the chat, signed, so that a page names no other one."""

from itsdangerous import BadSignature, URLSafeTimedSerializer

_LASTS = 86_400  # seconds: a page may stay open for a day and find its server again


class SiteSeal:
    """Seals the origin of a site, and knows its own seals."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="widget-site")

    def seal(self, site: str) -> str:
        """What the page keeps."""
        return str(self._serializer.dumps(site))

    def unseal(self, sealed: str) -> str:
        """The site, "" when this was not sealed here or is too old."""
        try:
            return str(self._serializer.loads(sealed, max_age=_LASTS))
        except BadSignature:
            return ""
