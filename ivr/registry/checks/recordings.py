"""Each prompt that a caller can hear has a recording."""

from collections.abc import Collection

from ivr.registry.draft import Draft
from ivr.registry.problems import Problems
from ivr.registry.prompts import NEEDED
from ivr.registry.quoting import shown, with_nearest
from ivr.texts import _


def check(draft: Draft, prompts: Collection[str], problems: Problems) -> None:
    """Check the prompts that every hotline needs, and the prompts that menus name."""
    for prompt in NEEDED:
        if prompt not in prompts:
            message = _("the prompt {prompt}, which every hotline needs, has no recording: recordings/zh/{prompt}.wav")
            problems.add(draft.start, message.format(prompt=prompt))
    for menu in draft.menus.values():
        prompt = menu.value.prompt
        if prompt not in prompts:
            message = _("prompt: {prompt} has no recording").format(prompt=shown(prompt))
            problems.add(menu.at("prompt"), with_nearest(message, prompt, sorted(prompts)))
