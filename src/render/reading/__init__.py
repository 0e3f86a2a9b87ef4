"""Documents that come in, as lines of text in reading order."""
