"""Hits to people: answers, command line, web interface and chat."""
