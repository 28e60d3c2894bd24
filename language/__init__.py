"""Language: what is known of words, whatever they are about. It imports nothing of the other packages.

`text.py` is the one normal form in which questions and sheets are read; `fr.toml`, `en.toml` and `es.toml` hold the
words and the patterns of each language, with sentences that they must and must not match; `grammar.py` reads them.
"""
