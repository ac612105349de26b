"""Questions as functions of the viewer, one module a subject. Never writes."""
