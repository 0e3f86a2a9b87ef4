"""The surface under `/v1`: generations of a person, made from the person's profile."""
