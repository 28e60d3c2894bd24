"""Refusal: the base of errors that a person can mend."""


class Refusal(Exception):
    """Something cannot be done as asked. The message says what, where and how to mend it, in French."""
