"""How HTTP responses are written: JSON, problems, languages, notices for staff."""
