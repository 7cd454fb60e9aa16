"""The quality and the speed of the search of articles."""

import os

from ivr.supervisor.hotline import ONE_THREAD

os.environ.update(ONE_THREAD)  # before numpy is loaded, as in a hotline
