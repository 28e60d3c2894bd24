"""History: conversations of members, which they find again, resume and delete."""
