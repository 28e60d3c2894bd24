"""Staff: their accounts."""
