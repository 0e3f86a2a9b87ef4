"""Answer questions: read models built from events, each with its table."""
