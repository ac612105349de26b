"""The public folder: what leaves the house. Never serves a live query."""
