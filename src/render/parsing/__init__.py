"""Lines of a resume, as the fields of a resume document: rules only, no model."""
