"""Questions that a release answers, each with its choices, its figures and its sentence. Never asks the record."""
