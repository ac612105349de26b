"""Dash and Flask: guard, frame, components, routes, headers. Never touches the store."""
