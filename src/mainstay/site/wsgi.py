"""The application as the server calls it, loaded as a whole: a process that listens can answer at once."""

import multiprocessing
import os
import signal

if multiprocessing.parent_process():
    # A process of the web server begins with its parent's way of answering a stop, which here does nothing: told to
    # stop while it loads, it would serve on until it is killed, with the requests under way. Loading, it just ends.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.site.settings")
application = get_wsgi_application()
# Else the first requests import all views at once, in many threads that wait for each other's locks.
get_resolver().url_patterns  # noqa: B018 - reading them loads all of the application
