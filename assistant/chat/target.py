"""The file that Chainlit loads by its path, under a name of its own: it only imports the handlers, once."""

import assistant.chat.handlers  # noqa: F401
