"""The process group of the event streams: a thread per reader, and readers only sleep.

gunicorn --config deploy/gunicorn_streams.py wsgi:app

A worker takes 240 readers (`portal/core/live.py`); whoever finds no place is answered 503, and the
page asks the feed instead. More readers: more workers, on as many machines as wished.
"""

import os

bind = os.environ.get("PORTAL_STREAMS_BIND", "127.0.0.1:8001")
workers = int(os.environ.get("PORTAL_STREAMS_WORKERS", "1"))
worker_class = "gthread"
threads = 256
keepalive = 2
timeout = 60
graceful_timeout = 1  # readers connect again by themselves and miss nothing
control_socket_disable = True  # two groups would share one; signals are enough
raw_env = ["PORTAL_STREAMS=streams"]
