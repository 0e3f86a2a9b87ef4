"""Credits: how many generations an organization may have in a month, and who had them."""
