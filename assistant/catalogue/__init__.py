"""The catalogue of sheets as people see it: selections, lists, counts, the map, addresses."""
