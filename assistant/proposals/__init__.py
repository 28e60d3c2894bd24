"""Proposals: questions that each sheet answers, proposed by a language model and reviewed by staff."""
