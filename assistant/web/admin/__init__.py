"""Administration: the staff's pages at /admin, the same by HTTP at /api/admin, and the hooks of git servers."""
