"""Checks: what an answer says is compared with the sheets that it cites, statement by statement."""
