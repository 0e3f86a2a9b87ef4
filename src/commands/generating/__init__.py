"""Generations: a tailored resume, typeset, from a job that was pasted or is told by a link."""
