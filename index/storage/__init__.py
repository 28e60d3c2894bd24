"""Storage: where versions are kept, one current; in a folder of this machine or in PostgreSQL."""
