"""Read one letter from standard input with Python's email package and say as JSON what it found there."""
import email
import email.policy
import json
import sys

message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
defects, headers, parts = [], {}, []
for part in message.walk():
    defects += [f"{part.get_content_type()}: {d!r}" for d in part.defects]
    for name, value in part.items():
        defects += [f"{name}: {d!r}" for d in value.defects]
    if not part.is_multipart():
        parts.append({"Type": part["Content-Type"], "Content": part.get_content()})
for name, value in message.items():
    headers.setdefault(name, []).append(str(value))
json.dump({"Defects": defects, "Headers": headers, "Parts": parts}, sys.stdout)
