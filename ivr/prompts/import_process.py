"""``python -m ivr.prompts.import_process FILE PROMPT RECORDINGS``: imports an uploaded sound, apart from the desk.

A file from a browser is hostile until FFmpeg has read it. An attack on FFmpeg ends with this process, which has limits
of processor time, memory and file size. Standard input has the words of the prompt, the environment the languages of
messages. The process prints one line of JSON: ``{"seconds", "gain"}``, or ``{"refused"}``.
"""

import json
import resource
import sys
from pathlib import Path

from ivr.prompts.convert import NotSound
from ivr.prompts.manifest import ManifestError
from ivr.prompts.own_recordings import import_recording

_SECONDS = 60  # of a processor
_MEMORY = 2 << 30  # bytes of addresses
_FILE = 64 << 20  # bytes: ten minutes at 16 kHz are 19 MB


def main() -> None:
    """Import a file."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE, _FILE))
    file, prompt, recordings = sys.argv[1:]
    try:
        imported = import_recording(Path(file), prompt, sys.stdin.read() or None, Path(recordings))
    except (NotSound, ManifestError, OSError) as error:
        print(json.dumps({"refused": str(error).replace(f"{file}: ", "")}))
    else:
        print(json.dumps({"seconds": imported.seconds, "gain": imported.gain}))


if __name__ == "__main__":
    main()
