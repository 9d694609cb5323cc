"""A fake service: deploys, is ready, returns its environment, and dies on request."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/die":
            sys.stderr.write("the till is on fire\n")
            os._exit(3)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())

    def log_message(self, *_: object) -> None:
        pass


name, *words = sys.argv[1:]
if words == ["deploy"]:
    if os.environ.get("CANNOT_DEPLOY") == name:
        sys.exit("no room for an index")
else:
    port = "ZUGABE_METRICS_PORT" if name == "sequencer" else "ZUGABE_PORT"
    ThreadingHTTPServer(("127.0.0.1", int(os.environ[port])), Answers).serve_forever()
