"""The edge: who asks, how much they may ask, and how errors leave. Below both the pages and the chat."""
