"""The truth gate: every check that an edit must pass, one concern a file."""
