"""REST and acts: listen to the prompts of a draft, replace a prompt by a sound from the browser, or undo that."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from ivr.desk.act_door import ActDoor
from ivr.desk.desk_services import DeskServices
from ivr.desk.http_guard import guarded, receive_body
from ivr.desk.permitted_visitor import permitted_visitor
from ivr.desk.refusals import DeskRefused
from ivr.desk.registry_acts import draft_answer
from ivr.desk.visitor import Visitor
from ivr.editing.drafts import RegistryDraft
from ivr.editing.registry_drafting import RegistryDrafting
from ivr.people.rights import Act
from ivr.prompts import manifest, own_texts
from ivr.prompts.manifest import MUSIC, wideband
from ivr.prompts.prompt_names import is_prompt_name
from ivr.shipped import RECORDINGS
from ivr.site.prompt_catalogue import LANGUAGE, PromptCatalogue, catalogue
from ivr.texts import _

_LARGEST = 20 << 20  # bytes of an upload
_UPLOAD_SECONDS = 60.0
_CONVERT_SECONDS = 120.0
_LONGEST_WORDS = 2000
_AT_ONCE = asyncio.Semaphore(2)  # conversions


class PromptActs:
    """The act that removes an own recording."""

    def __init__(self, drafting: RegistryDrafting, door: ActDoor) -> None:
        """Add the act to the door."""
        self._drafting, self._door = drafting, door
        door.add({Act.CHANGE_PROMPT: self.remove_own})

    async def remove_own(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Remove the own recording of a prompt from the draft, so that callers hear the shipped recording again."""
        prompt = str(args.get("prompt", ""))
        _must_be_name(prompt)
        await self._door.audit(visitor, Act.CHANGE_PROMPT, prompt, "shipped")

        def remove() -> dict[str, Any]:
            needed = self._drafting.needed(visitor.user, args.get("version"))
            draft, folder = self._drafting.change_recordings(needed)
            narrowband = folder / manifest.narrowband(manifest.load(RECORDINGS), prompt)
            if not narrowband.is_file():
                raise DeskRefused(404, "unknown", _("the site has no own recording of this prompt"), "prompt")
            narrowband.unlink()
            wideband(narrowband).unlink(missing_ok=True)
            texts = own_texts.load(folder)
            if texts.pop(prompt, None):
                own_texts.save(folder, texts)
            return {"version": self._drafting.touch(draft).version}

        return await draft_answer(remove)


def prompt_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    prompts = f"{api}/registry/prompts"
    return [
        Route(prompts, guarded(prompt_list), methods=["GET"]),
        Route(f"{prompts}/{{prompt:path}}", guarded(sound), methods=["GET"]),
        Route(f"{prompts}/{{prompt:path}}", guarded(replace), methods=["POST"]),
    ]


async def prompt_list(request: Request) -> dict[str, Any]:
    """GET: every prompt of the own draft: its words, its length, whether it is the site's own."""
    services, visitor = await permitted_visitor(request, Act.READ_REGISTRY)

    def listing() -> dict[str, Any]:
        draft, prompts = _prompts(services, visitor)
        shipped = manifest.load(RECORDINGS)
        texts, seconds = prompts.texts(prompts.prompts), prompts.seconds(prompts.prompts)
        names = sorted(prompts.prompts)
        entries = [
            {
                "prompt": name,
                "text": texts.get(name, ""),
                "used": shipped.prompts[name].used if name in shipped.prompts else "",
                "seconds": round(seconds.get(name, 0.0), 1),
                "own": name in prompts.own_prompts,
                "shipped": name in shipped.sounds,
            }
            for name in names
        ]
        return {"version": draft.version if draft else 0, "prompts": entries}

    return await draft_answer(listing)


async def sound(request: Request) -> Response:
    """GET: the sound of a prompt in the own draft; with ``in=shipped`` the shipped recording."""
    services, visitor = await permitted_visitor(request, Act.READ_REGISTRY)
    prompt = request.path_params["prompt"]
    _must_be_name(prompt)

    def sound_path() -> Path | None:
        prompts = _prompts(services, visitor)[1]
        if request.query_params.get("in") == "shipped":
            prompts = catalogue(RECORDINGS)
        folder = "music" if prompt == MUSIC else LANGUAGE
        wide = prompts.files.get(f"{folder}/{prompt}.wav16")
        return wide or prompts.files.get(f"{folder}/{prompt}.wav")

    path = await draft_answer(sound_path)
    if path is None:
        raise DeskRefused(404, "unknown", _("there is no prompt of this name"), "prompt")
    return FileResponse(path, media_type="audio/wav")


async def replace(request: Request) -> dict[str, Any]:
    """POST: a sound file of any kind that FFmpeg reads, of up to 20 MB, as the prompt of the own draft; prompts.change.

    Its level is matched to that of the other prompts. Query: ``version`` of the draft as read, ``text``: the words.
    With ``render=1`` and no file, the words are rendered by the voice of the shipped prompts.
    """
    services, visitor = await permitted_visitor(request, Act.CHANGE_PROMPT)
    prompt, text = request.path_params["prompt"], request.query_params.get("text", "")
    _must_be_name(prompt)
    if len(text) > _LONGEST_WORDS or not text.isprintable():
        raise DeskRefused(422, "invalid", _("the words of a prompt are one line of text"), "text")
    version = request.query_params.get("version", "")
    drafting = services.drafting

    def own_folder() -> tuple[RegistryDraft, Path]:
        needed = drafting.needed(visitor.user, int(version) if version.isdecimal() else 0)
        return drafting.change_recordings(needed)

    with tempfile.NamedTemporaryFile(dir=services.home.drafts, prefix="upload-") as file:
        await _receive(request, Path(file.name))
        await services.door.audit(visitor, Act.CHANGE_PROMPT, prompt, text)
        draft, folder = await draft_answer(own_folder)
        if request.query_params.get("render") == "1":
            converted = await _convert(["render_process", prompt, str(folder)], text, visitor.language, "text")
        else:
            converted = await _convert(
                ["import_process", file.name, prompt, str(folder)], text, visitor.language, "sound"
            )
    changed = await draft_answer(lambda: drafting.touch(draft))
    return {"version": changed.version, **converted}


async def _receive(request: Request, file: Path) -> None:
    with file.open("wb") as upload:

        async def take(piece: bytes) -> None:
            await asyncio.to_thread(upload.write, piece)

        await receive_body(request, take, _LARGEST, _UPLOAD_SECONDS)


async def _convert(command: list[str], text: str, language: str, field: str) -> dict[str, Any]:
    """Convert or render a prompt in a process of its own, whose environment has no secret of the desk."""
    name, *arguments = command
    program = [sys.executable, "-m", f"ivr.prompts.{name}", *arguments]
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    environment |= {"LANGUAGE": language, "LANG": f"{language}.UTF-8"}
    async with _AT_ONCE:
        process = await asyncio.create_subprocess_exec(
            *program, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE, env=environment,
        )  # fmt: skip
        try:
            async with asyncio.timeout(_CONVERT_SECONDS):
                output, errors = await process.communicate(text.encode())
        except TimeoutError:
            process.kill()
            await process.wait()
            output, errors = b"", b""
    try:
        answer: dict[str, Any] = json.loads(output)
    except ValueError:
        lacks_av = b"No module named 'av'" in errors
        message = (
            _("this hotline cannot convert sound: pip install 'hotline-12345[audio]'")
            if lacks_av
            else _("the file could not be converted")
        )
        raise DeskRefused(422, "invalid", message, field) from None
    if "refused" in answer:
        raise DeskRefused(422, "invalid", answer["refused"], field)
    return answer


def _prompts(services: DeskServices, visitor: Visitor) -> tuple[RegistryDraft | None, PromptCatalogue]:
    draft = services.drafting.draft_of(visitor.user)
    return draft, catalogue(RECORDINGS, services.drafting.recordings(draft))


def _must_be_name(prompt: str) -> None:
    if not is_prompt_name(prompt):
        text = _("{prompt} is no prompt's name; write it as in menu-main or phone/1").format(prompt=ascii(prompt[:80]))
        raise DeskRefused(422, "invalid", text, "prompt")
