"""Which test files the workers of `make test` take together, and which come first.

Files of a group share what is slow to make: an index, a server. What takes longest starts first, so that all
workers end at about the same time. A file that stands nowhere here is a group of its own.
"""

from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

_REAL = (  # they search the real sheets, where these are
    *("abstention", "answer", "budget", "carry", "computing", "conversation", "evidence", "fuzz", "kinds", "method"),
    *("names", "notices", "quality", "verification", "characterisation", "chat_elements", "aspects", "findings"),
    *("wanted", "organisations", "told", "sheet_figures", "absence", "meant"),
)
# They ask the server without settings.
_SERVED = ("answer_page", "api", "export", "openapi", "pages", "pages_browser", "repository")
_CHAT = (  # so do these, of another worker
    *("chat", "chat_accessibility", "chat_answers", "chat_filters", "chat_guards", "chat_keeping", "chat_language"),
    *("chat_tab", "phone"),
)
_OF_MEMBERS = ("history", "leaks", "members_accessibility", "members_browser")  # they ask the members' server
# Which takes seconds and memory, once opened; one of them opens every module.
_WITH_TORCH = ("adapt", "adapter", "bundled", "encoder", "tuning", "linear_patterns")
_LONG = (
    *(
        "model",
        "injection",
        "with torch",
        "replicas",
        "members_source",
        "reindex",
        "cli",
        "faults",
        "members_web",
        "learning",
        "stopping",
    ),
    *("served", "upgrade", "postgres_index", "proposals", "model_bounds", "evaluate"),
)

GROUPS = {
    **dict.fromkeys(_REAL, "real"),
    **dict.fromkeys(_SERVED, "served pages"),
    **dict.fromkeys(_CHAT, "served chat"),
    **dict.fromkeys(_OF_MEMBERS, "of members"),
    **dict.fromkeys(_WITH_TORCH, "with torch"),
}
_FIRST = ("real", "served chat", "widget", "admin", "served pages", "of members", *_LONG)


def group_of(nodeid: str) -> str:
    """The group of a test's file, or the file's own name without "test_"."""
    name = Path(nodeid.partition("::")[0]).stem.removeprefix("test_")
    return GROUPS.get(name, name)


def rank(nodeid: str) -> int:
    """When a test comes: the groups that take longest first, the others as they are."""
    group = group_of(nodeid)
    return _FIRST.index(group) if group in _FIRST else len(_FIRST)


class Sharing(LoadScopeScheduling):  # type: ignore[misc] - xdist has no types
    """Gives a worker a whole group at a time."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
