"""Feeds every field of wifi-credentials.json every control character and what
else is awkward in a keyfile, and compares what NetworkManager and its nmcli
read with what was meant:

    property.py IMPORT ROOT      the script import.sh, and the folder of a root
                                 with NetworkManager

Each text is read back as it was, or refused by the field's name.
"""

import json
import os
import subprocess
import sys

importer, root = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
work = os.getcwd()

CONTROLS = [chr(c) for c in range(1, 32)] + [chr(127), "\u0085", "\u2028"]
AWKWARD = [
    " ", " lead", "  two", "trail ", "\ttab", "tab\t", "\\", "\\s", "\\n", "a\\", "a\\\\b", ";", "a;b", "=", "a=b", "#", "#a",
    "[", "]", "[wifi]", '"', "'", "é", "😀", "%41", "%", "10;20;", "104;105", "1", "file://x", "data:;base64,AA==", "$(id)", "`id`",
    "\nssid=1;", "\n[wifi]\nhidden=true", "\\\n", "a\r\n", "\r", "-", "*", "?", "<", "&",
]
TEXTS = [t for c in CONTROLS for t in (c, c + "ab", "a" + c + "b", "ab" + c)] + AWKWARD
METHODS = {"fast": True, "leap": False, "md5": False, "peap": True, "pwd": False, "ttls": True}
INNER = ["chap", "gtc", "md5", "mschap", "mschapv2", "otp", "pap"]

# Each of our fields, and what nmcli calls it.
TEXT_FIELDS = {
    "ssid": "802-11-wireless.ssid",
    "identity": "802-1x.identity",
    "password": "802-1x.password",
    "anonymousIdentity": "802-1x.anonymous-identity",
    "caCert": "802-1x.ca-cert",
    "domain": "802-1x.domain-suffix-match",
}
ENTERPRISE_FIELDS = {**TEXT_FIELDS, "eap": "802-1x.eap", "phase2": "802-1x.phase2-auth", "id": "connection.id"}
PERSONAL_FIELDS = {"psk": "802-11-wireless-security.psk", "hidden": "802-11-wireless.hidden"}


def enterprise(**changes):
    return {"ssid": "a", "eap": "ttls", "phase2": "pap", "identity": "a", **changes}


def unreadable(field, text):
    """GKeyFile has no way to say it; an SSID is written as numbers."""
    return field != "ssid" and text[0] == "\f"


def enterprise_entries():
    for text in TEXTS:
        yield enterprise(**{f: "/" + text if f == "caCert" else text for f in TEXT_FIELDS if f == "caCert" or not unreadable(f, text)})
    for method, tunnel in METHODS.items():
        for inner in INNER if tunnel else [None]:
            yield {"ssid": "a", "identity": "a", "eap": method, **({"phase2": inner} if inner else {})}


def personal_entries():
    printable = "".join(chr(c) for c in range(32, 127))
    for first in printable:
        yield {"ssid": "a", "psk": first + "1234567", "hidden": first < "A"}
    for start in range(0, len(printable), 8):
        yield {"ssid": "a", "psk": printable[start:][:63].rjust(8)}
    yield {"ssid": "a", "psk": "0123456789abcdefABCDEF".ljust(64, "0")}
    yield {"ssid": "a", "psk": "ends in blanks   "}


def bad_entries():
    """Entries with the field that is to be named."""
    for field in TEXT_FIELDS:
        for text in ("\0", "a\0b", "", "\ufffd"):
            yield enterprise(**{field: text}), field
        if field != "ssid":
            yield enterprise(**{field: "\fa"}), field
    for text in TEXTS + ["\0"]:
        for field, value in (("eap", "peap"), ("phase2", "pap")):
            yield enterprise(**{field: value + text}), field
            yield enterprise(**{field: text + value}), field
    for text in CONTROLS + ["\0", "é"]:
        yield {"ssid": "a", "psk": "1234567" + text}, "psk"
        yield {"ssid": "a", "psk": text + "12345678"}, "psk"
    for text in ("a", "file:///a", "data:;base64,AA==", " /a", "1;2;"):
        yield enterprise(caCert=text), "caCert"


def meant(entry, field):
    if field == "id":
        return "".join("?" if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in entry["ssid"])
    if field == "hidden":
        return "yes" if entry.get("hidden") else "no"
    return entry.get(field, "")


def run_import(entries):
    with open("credentials.json", "w") as file:
        json.dump(entries, file)
    return subprocess.run(["sh", importer, "credentials.json", "connections"], capture_output=True, text=True)


def read_by_nmcli(fields):
    os.makedirs("read", exist_ok=True)
    command = "bwrap --unshare-all --die-with-parent --uid 0 --clearenv --setenv PATH /usr/sbin:/usr/bin --setenv LC_ALL C.UTF-8".split()
    command += ["--bind", root, "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/run"]
    command += ["--bind", work + "/connections", "/run/NetworkManager/system-connections"]
    command += ["--bind", work + "/read", "/mnt", "--ro-bind", here + "/nmcli.sh", "/tmp/nmcli.sh"]
    command += ["--ro-bind", here + "/secret.sh", "/tmp/secret.sh"]
    subprocess.run(command + ["sh", "/tmp/nmcli.sh", "/mnt", *fields], check=True)


def difference(name, want):
    """Between two networks nmcli leaves a line."""
    with open("read/" + name, newline="") as file:
        values = file.read()
    if values == "\n\n".join(want) + "\n":
        return None
    at = next(i for i in range(len(want)) if not values.startswith("\n\n".join(want[: i + 1]) + "\n"))
    start = len("\n\n".join(want[:at]))
    return f"{name}, entry {at + 1}: nmcli has {values[start : start + 60]!r}, meant was {want[at]!r}"


def judge_good(entries, fields):
    """All of entries, by the fields that each of them has."""
    done = run_import(entries)
    if done.returncode != 0:
        sys.exit(done.stderr)
    read_by_nmcli(fields.values())
    with open("read/uuids") as file:
        found = len(file.readlines())
    if found != len(entries):
        sys.exit(f"NetworkManager has {found} networks, want {len(entries)}:\n" + open("read/log").read()[-4000:])
    for field, name in fields.items():
        want = [meant(e, field) for e in entries]
        if wrong := difference(name, want):
            sys.exit(wrong)
    return len(entries)


def judge_bad(cases):
    before = sorted(os.listdir("connections"))
    for entry, field in cases:
        done = run_import(entry)
        if done.returncode == 0:
            sys.exit(f"taken: {entry!r}")
        message = done.stderr.replace("\n", "")
        if f'"{field}"' not in message and not (field == "ssid" and "SSID" in message):
            sys.exit(f"{entry!r}: the message does not name {field}: {message}")
        if not (message.isascii() and message.isprintable()):
            sys.exit(f"{entry!r}: the message is no plain text: {message!r}")
    if sorted(os.listdir("connections")) != before:
        sys.exit("a refused file has changed the connections")


good = judge_good(list(enterprise_entries()), ENTERPRISE_FIELDS) + judge_good(list(personal_entries()), PERSONAL_FIELDS)
bad = list(bad_entries())
judge_bad(bad)
print(f"{good} networks read back by nmcli as they were meant, {len(bad)} refused by the field's name")
