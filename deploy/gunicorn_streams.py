"""The process group of the event streams: one thread holds all readers of a worker.

gunicorn --config deploy/gunicorn_streams.py wsgi:app

A worker takes as many readers as it may open files, at most 20,000 (`portal/core/broadcasting.py`);
whoever finds no place is answered 503, and the page asks the feed instead. The threads only let
readers in. More readers: more workers, on as many machines as wished.
"""

import os
import resource

from deploy.gunicorn_pages import forget_garbage
from deploy.stream_worker import StreamWorker

bind = os.environ.get("PORTAL_STREAMS_BIND", "127.0.0.1:8001")
workers = int(os.environ.get("PORTAL_STREAMS_WORKERS", "1"))
worker_class = StreamWorker
threads = 4
backlog = 4096
keepalive = 2
timeout = 60
graceful_timeout = 1  # readers connect again by themselves and miss nothing
control_socket_disable = True  # two groups would share one; signals are enough
raw_env = ["PORTAL_STREAMS=streams"]
post_worker_init = forget_garbage


def post_fork(_server, _worker):
    """Let a worker open as many files as it ever may: each reader is one."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
