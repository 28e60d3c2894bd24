"""What all our pages share: templates, words, addresses."""
