"""The process group of the pages: one process per core, two threads each (docs: more is slower).

gunicorn --config deploy/gunicorn_pages.py wsgi:app
"""

import gc
import os

from portal.core import jobs

bind = os.environ.get("PORTAL_PAGES_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("PORTAL_PAGES_WORKERS", os.cpu_count() or 2))
worker_class = "gthread"
threads = 2
keepalive = 5
timeout = 60
graceful_timeout = 5
control_socket_disable = True  # two groups would share one; signals are enough
raw_env = ["PORTAL_STREAMS=pages"]


def post_worker_init(worker):
    """Let this worker offer itself for the chores; one of all does them."""
    if "jobs" in getattr(worker.wsgi, "extensions", ()):  # the floors of bench/ have none
        jobs.start(worker.wsgi)
    forget_garbage(worker)


def forget_garbage(_worker):
    """Let nobody wait while what every worker keeps for good is looked through for garbage."""
    gc.collect()
    gc.freeze()
