"""The process itself: its threads and whose turn it is, how it is stopped, how long its steps take."""
