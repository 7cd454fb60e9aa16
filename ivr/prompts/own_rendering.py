"""A site's own recordings, rendered from text by the voice of the shipped prompts; needs the ``[prompts]`` extra."""

import hashlib
from pathlib import Path

from ivr.prompts import manifest, own_texts
from ivr.prompts.manifest import ManifestError
from ivr.prompts.prompt_rendering import ExtraMissingError, silence_around
from ivr.shipped import RECORDINGS
from ivr.texts import _

_PACE = 1.0


def render_recording(prompt: str, text: str, recordings: Path) -> float:
    """Render a prompt into a site's folder of recordings, and keep its words; return its seconds.

    Args:
        prompt: a name that `ivr.prompts.prompt_names.is_prompt_name` takes.
        text: Chinese words.
        recordings: the folder; it is made if it is missing.

    Raises:
        ExtraMissingError: the packages for it are not installed.
        ManifestError: a file with texts is damaged, there is no voice, or the text has nothing to read.
        OSError: a file cannot be written.
    """
    try:
        from ivr.prompts import mastering, voice  # noqa: PLC0415  numpy and the voice are of the extra `prompts`
    except ImportError as error:
        raise ExtraMissingError(error.name) from error
    shipped = manifest.load(RECORDINGS)
    texts = own_texts.load(recordings)
    if not shipped.voice_file.is_file():
        raise ManifestError(_("{path}: no such voice; see NOTICE beside it").format(path=shipped.voice_file))
    if not any("\u4e00" <= sign <= "\u9fff" or sign.isdecimal() for sign in text):
        raise ManifestError(_("there are no words to read in the text"))
    narrowband = recordings / manifest.narrowband(shipped, prompt)
    pace = shipped.prompts[prompt].pace if prompt in shipped.prompts else _PACE
    speech = voice.PromptVoice(shipped.voice_file).read(text, pace)
    samples = mastering.trimmed(speech, voice.RATE, silence_around(text))
    mastering.write_pair(narrowband, samples, voice.RATE, mastering.SPEECH_LEVEL)
    digest = hashlib.sha256(narrowband.read_bytes()).hexdigest()
    own_texts.save(recordings, {**texts, prompt: own_texts.OwnText(text, digest)})
    return len(samples) / voice.RATE
