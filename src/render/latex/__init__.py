"""Resumes as LaTeX: the source, and the documents that a LaTeX system makes of it."""
