"""Users and the organizations they belong to: what may be done, and by whom."""
