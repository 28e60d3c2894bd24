"""The chat: Chainlit mounted in the web application. `mount.py` prepares it, `handlers.py` answers."""
