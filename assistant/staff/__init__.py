"""Staff: their accounts, and the notes that they write."""
