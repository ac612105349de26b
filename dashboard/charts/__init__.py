"""Tables to Plotly figures as plain dicts, and figure dicts to SVG. Never reads data."""
