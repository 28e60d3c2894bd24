"""The web application: HTTP interface, security, and the chat mounted in it."""
