"""gunicorn's configuration in production (see the Procfile): reads the environment when it is imported, by nothing else.

Never import it from our own code; `serving` is what it is made of.
"""

import os

from dashboard.web.serving import production

globals().update(production(os.environ))
