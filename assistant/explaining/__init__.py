"""Explaining: how an answer came about, for whoever has to mend a wrong one."""
