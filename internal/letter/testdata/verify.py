"""Reads {"zone": {name: text}, "messages": [base64]} and answers, for each message, what dkimpy makes of each of its
signatures: "" where it verifies, or why not."""

import base64
import json
import sys

import dkim

given = json.load(sys.stdin)
zone = {name.encode(): text.encode() for name, text in given["zone"].items()}


def lookup(name, timeout=5):
    return zone.get(name.rstrip(b"."))


def verdict(message, index):
    try:
        return "" if dkim.DKIM(message).verify(idx=index, dnsfunc=lookup) else "does not verify"
    except dkim.DKIMException as error:
        return type(error).__name__ + ": " + str(error)


answers = []
for encoded in given["messages"]:
    message = base64.b64decode(encoded)
    signatures = message.count(b"\nDKIM-Signature:") + message.startswith(b"DKIM-Signature:")
    answers.append([verdict(message, index) for index in range(signatures)])
json.dump(answers, sys.stdout)
