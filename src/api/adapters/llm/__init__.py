"""Language models behind the truth gate: seven providers, one way out, one kind of error."""
