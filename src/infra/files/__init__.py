"""Files: what is kept outside the database."""
