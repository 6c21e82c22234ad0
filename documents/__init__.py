"""Papers in and out: the store of files by their hash, and what is read from and written to them."""
