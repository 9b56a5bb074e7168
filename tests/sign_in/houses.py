"""Houses outside, as their papers describe them, on a port of this machine.

They share nothing with the portal's own code: what they check, they work out by themselves.
"""

import hashlib
import hmac
import json
import socket
import threading
import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Outside(ABC):
    """A house that hears HTTP. `moods` are gone through one by one: how the next answers are."""

    def __init__(self):
        self.heard = []
        self.moods = []
        house = self

        class Handler(BaseHTTPRequestHandler):
            def handle_one(self):
                size = int(self.headers.get("Content-Length") or 0)
                asked = {
                    "method": self.command,
                    "path": self.path,
                    "headers": {k.lower(): v for k, v in self.headers.items()},
                    "body": self.rfile.read(size),
                }
                house.heard.append(asked)
                mood = house.moods.pop(0) if house.moods else "well"
                if mood == "close":
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                if mood == "hang":
                    house.is_over.wait(10)
                    return
                if mood == "drip":
                    self._drip()
                    return
                status, kind, body = house.answer(asked) if mood == "well" else mood
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if 300 <= status < 400:
                    self.send_header("Location", house.origin + "/elsewhere")
                self.end_headers()
                self.wfile.write(body)

            def _drip(self):
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                for _ in range(1000):
                    try:
                        self.wfile.write(b" ")
                    except OSError:
                        return
                    time.sleep(0.05)

            do_GET = do_POST = handle_one  # noqa: N815 -- the server's own names

            def log_message(self, *_):
                """Keep the test's output quiet."""

        self.is_over = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @abstractmethod
    def answer(self, asked):
        """Answer as the papers say: status, type, body."""

    def close(self):
        """Shut the house."""
        self.is_over.set()
        self.server.shutdown()
        self.server.server_close()


def jsoned(value, *, status=200, kind="application/json"):
    """Return an answer of JSON."""
    return status, kind, json.dumps(value).encode()


class SmsGateway(Outside):
    """Tencent Cloud SMS: takes SendSms only with a right signature, and keeps what it sent."""

    secret_id, secret_key = "AKID-of-the-test", "key-of-the-test-7d3f"

    def __init__(self):
        super().__init__()
        self.sent = []
        self.clock = time.time

    def answer(self, asked):
        fault = self.why_not(asked)
        if fault:
            return self.error(fault)
        body = json.loads(asked["body"])
        statuses = [
            {"SerialNo": "5000:1", "PhoneNumber": phone, "Fee": 1, "SessionContext": ""}
            | {"Code": "Ok", "Message": "send success", "IsoCode": "CN"}
            for phone in body["PhoneNumberSet"]
        ]
        self.sent.append(body)
        return jsoned({"Response": {"SendStatusSet": statuses, "RequestId": "a0aabda6"}})

    def error(self, code, message="in words"):
        """Return the answer to a question that failed as a whole."""
        error = {"Code": code, "Message": message}
        return jsoned({"Response": {"Error": error, "RequestId": "ed93f3cb"}})

    def status(self, code):
        """Return the answer that this one phone got no message."""
        status = {"SerialNo": "", "PhoneNumber": "+8613800000001", "Fee": 0, "SessionContext": ""}
        status |= {"Code": code, "Message": f"no: {code}", "IsoCode": "CN"}
        return jsoned({"Response": {"SendStatusSet": [status], "RequestId": "b1"}})

    def why_not(self, asked):
        """Check a question as the papers on TC3-HMAC-SHA256 say, from the raw bytes alone."""
        headers = asked["headers"]
        if asked["method"] != "POST" or asked["path"] != "/":
            return "InvalidRequest"
        if headers.get("x-tc-action") != "SendSms" or headers.get("x-tc-version") != "2021-01-11":
            return "InvalidAction"
        if not headers.get("x-tc-region"):
            return "MissingParameter"
        stamp = headers.get("x-tc-timestamp", "")
        if not stamp.isdecimal() or abs(int(stamp) - self.clock()) > 300:
            return "AuthFailure.SignatureExpire"
        date = datetime.fromtimestamp(int(stamp), UTC).date().isoformat()
        algorithm, _, rest = headers.get("authorization", "").partition(" ")
        said = dict(part.strip().split("=", 1) for part in rest.split(","))
        if algorithm != "TC3-HMAC-SHA256":
            return "AuthFailure.InvalidAuthorization"
        if said["Credential"] != f"{self.secret_id}/{date}/sms/tc3_request":
            return "AuthFailure.SecretIdNotFound"
        names = said["SignedHeaders"].split(";")
        if not {"content-type", "host"} <= set(names) or names != sorted(names):
            return "AuthFailure.InvalidAuthorization"
        lines = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in names)
        digest = hashlib.sha256(asked["body"]).hexdigest()
        canonical = f"POST\n/\n\n{lines}\n{';'.join(names)}\n{digest}"
        to_sign = f"TC3-HMAC-SHA256\n{stamp}\n{date}/sms/tc3_request\n"
        to_sign += hashlib.sha256(canonical.encode()).hexdigest()
        step = hmac.digest(b"TC3" + self.secret_key.encode(), date.encode(), "sha256")
        step = hmac.digest(step, b"sms", "sha256")
        step = hmac.digest(step, b"tc3_request", "sha256")
        if said["Signature"] != hmac.digest(step, to_sign.encode(), "sha256").hex():
            return "AuthFailure.SignatureFailure"
        return None


class WeChat(Outside):
    """WeChat's web sign-in: gives out codes that are good once, and exchanges them for an openid.

    It answers JSON as text/plain, and every fault with status 200 and an errcode, as the real one.
    """

    app_id, secret = "wx520c15f417810387", "secret-of-the-test-91ab"

    def __init__(self):
        super().__init__()
        self.codes = {}

    def grant(self, openid, **more):
        """Return the code that somebody's WeChat brings back."""
        code = f"code{len(self.codes)}for{openid}"
        self.codes[code] = {"openid": openid, **more}
        return code

    def answer(self, asked):
        parts = urlsplit(asked["path"])
        said = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if asked["method"] != "GET" or parts.path != "/sns/oauth2/access_token":
            return jsoned({"errcode": -1, "errmsg": "system error"}, kind="text/plain")
        if said.get("appid") != self.app_id:
            return self.fault(40013, "invalid appid")
        if said.get("secret") != self.secret:
            return self.fault(40125, "invalid appsecret")
        if said.get("grant_type") != "authorization_code":
            return self.fault(40002, "invalid grant_type")
        found = self.codes.pop(said.get("code", ""), None)
        if found is None:
            return self.fault(40163, "code been used")
        token = {"access_token": "at", "expires_in": 7200, "refresh_token": "rt"}
        return jsoned(token | {"scope": "snsapi_base"} | found, kind="text/plain")

    def fault(self, code, message):
        """Return a fault as WeChat tells it."""
        return jsoned({"errcode": code, "errmsg": f"{message}, rid: 5f"}, kind="text/plain")
