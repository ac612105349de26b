"""Accounts, grants, sessions, throttling and the audit log. Never knows the web."""
