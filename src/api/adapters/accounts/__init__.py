"""What accounts need of the world: tables of their own, hashes, mail."""
