"""Telling other servers what happened: queueing, sending, and the record of both."""
