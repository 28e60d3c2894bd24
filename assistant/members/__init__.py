"""Members: who they are, how they sign in, and what is opened for them alone."""
