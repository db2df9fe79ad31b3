#!/usr/bin/env python3
"""A mirror with faults: server.py DIRECTORY serves DIRECTORY/NAME at

/good/NAME       as it is
/missing/NAME    as it is, but no piece 0001
/wrong/NAME      with one bit of piece 0001 (or of any other file) flipped
/cut/NAME        as it is, but the first answer to each request breaks off in
                 the middle
/noranges/NAME   like cut, by a server that always sends from the start

It prints its port, and writes each request to DIRECTORY/log.
"""

import http.server
import os
import re
import sys

root = sys.argv[1]
seen = set()


class Mirror(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        _, fault, name = self.path.split("/", 2)
        wanted = self.headers.get("Range", "")
        with open(os.path.join(root, "log"), "a") as log:
            print(fault, name, wanted, file=log)
        path = os.path.join(root, name)
        if not os.path.exists(path) or (fault == "missing" and name.endswith("1")):
            return self.send_error(404)
        with open(path, "rb") as f:
            data = bytearray(f.read())
        if fault == "wrong" and not name.endswith(("0", "2")):
            data[len(data) // 2] ^= 1
        self.answer(fault, data, re.match(r"bytes=(\d+)-(\d*)", wanted))

    def answer(self, fault, data, span):
        if span and fault != "noranges":
            first = int(span[1])
            part = data[first : int(span[2]) + 1 if span[2] else None]
            if not part:
                return self.send_error(416)
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{first + len(part) - 1}/{len(data)}")
        else:
            part = data
            self.send_response(200)
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        if fault in ("cut", "noranges") and self.path not in seen:
            seen.add(self.path)
            part = part[: len(part) // 2]
        self.wfile.write(part)
        self.close_connection = True

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Mirror)
print(server.server_port, flush=True)
server.serve_forever()
