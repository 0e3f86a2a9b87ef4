"""What happened: the events of every stream and the values they carry."""
