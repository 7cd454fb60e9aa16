"""``python -m ivr.prompts.render_process PROMPT RECORDINGS``: renders a prompt for the desk, apart from the desk.

The model takes seconds of a processor and hundreds of megabytes, which are free when this process ends. Standard input
has the words of the prompt, the environment the languages of messages. The process prints one line of JSON:
``{"seconds", "gain"}``, or ``{"refused"}``.
"""

import json
import resource
import sys
from pathlib import Path

from ivr.prompts.manifest import ManifestError
from ivr.prompts.own_rendering import render_recording
from ivr.prompts.prompt_rendering import ExtraMissingError
from ivr.texts import _

_SECONDS = 110  # of a processor


def main() -> None:
    """Render one prompt."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    prompt, recordings = sys.argv[1:]
    try:
        seconds = render_recording(prompt, sys.stdin.read(), Path(recordings))
    except ExtraMissingError:
        text = _("this hotline has no voice to render prompts with: pip install 'hotline-12345[prompts]'")
        print(json.dumps({"refused": text}))
    except (ManifestError, OSError) as error:
        print(json.dumps({"refused": str(error)}))
    else:
        print(json.dumps({"seconds": seconds, "gain": 0.0}))


if __name__ == "__main__":
    main()
