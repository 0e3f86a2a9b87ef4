"""The pure heart of the product: read a posting, propose edits, judge them, measure the gain."""
