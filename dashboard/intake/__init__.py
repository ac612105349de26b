"""From CSV bytes to a submission: read, screen, check, worker, and the write door for data. Never draws."""
