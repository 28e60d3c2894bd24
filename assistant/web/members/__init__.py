"""Members on the web: who is asking, the pages of signing in, what host sites vouch for."""
