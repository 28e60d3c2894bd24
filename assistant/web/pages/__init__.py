"""Pages for everyone: home, the sheets, what the law asks for."""
