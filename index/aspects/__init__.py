"""Aspects: what each sentence of a sheet tells (a cost, a reason, a lesson), found when it is indexed."""
