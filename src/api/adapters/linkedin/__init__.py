"""Postings at LinkedIn, as anybody sees them who has not signed in."""
