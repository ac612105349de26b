"""The coordination dashboard, a house of rooms; `dashboard/README.md` has the picture. Holds no code itself."""
