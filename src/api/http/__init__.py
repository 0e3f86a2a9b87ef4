"""The HTTP surface: a router for each part of it; no SQL, no rules."""
