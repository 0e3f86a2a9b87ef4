"""The edge: everything with a socket, a clock, a file or a person."""
