"""Observing: figures, logs and traces for whoever runs the server, without a word of who asks what."""
