"""`python -m dashboard.demonstration`: build it, and nothing more. Never serves it."""

from dashboard.demonstration import main

if __name__ == "__main__":
    raise SystemExit(main())
