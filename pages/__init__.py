"""One file an address: a short list of components, and callbacks. Never fetches a row itself: `reports` does."""
