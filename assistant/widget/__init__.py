"""The assistant on other sites: which may show it, and what they write in their pages."""
