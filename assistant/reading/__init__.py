"""Reading: a question and the turns before it become one value, made once, which all that follows takes."""
