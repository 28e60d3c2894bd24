"""Store: what is remembered of people - members, conversations, questions, opinions - in one SQL database."""
