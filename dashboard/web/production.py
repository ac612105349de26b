"""gunicorn's configuration in production, from the environment; see the Procfile. Never imported by our own code."""

import os

from dashboard.web.serving import production

globals().update(production(os.environ))
