"""Accounts, sessions, organizations and their keys: routes by topic, and pages that need them."""
