"""Kinds: the forms of answers, one module each, which exports one `Kind`.

`kind.py` says what a kind is, `registry.py` names them in the order in which they are tried, `choose.py` tries them,
`told.py` drafts those that are made of the best sentences, `counted.py` tells what is counted where no rule does,
`notices.py` ends what they draft, `joined.py` puts those of several questions under one another.
"""
