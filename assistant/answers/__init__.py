"""Answers: one module for each kind of answer that is put together without a language model, and what they share."""
