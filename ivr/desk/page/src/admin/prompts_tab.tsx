// The prompts of the person's draft. A person can play each prompt, replace it by a file, a recording or the synthetic voice,
// and restore the shipped recording. Changed prompts come in force with the draft.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { CheckField, TextField } from "../parts/fields";
import { useLoaded } from "../parts/loaded";
import { tell, tellError } from "../parts/toasts";
import { Refused } from "../rest";
import { language } from "../settings";
import { _ } from "../texts";
import { load, overview, registryAct } from "./draft";
import { record, type SoundRecorder } from "./sound_recorder";

interface Prompt {
  prompt: string;
  text: string;
  used: string;
  seconds: number;
  own: boolean;
  shipped: boolean;
}

const version = signal(0); // counts changes made here
const replaced = signal<Prompt | null>(null);
const SOUND = "/api/v1/registry/prompts";

export function PromptsTab(): JSX.Element {
  const [words, setWords] = useState("");
  const [ownOnly, setOwnOnly] = useState(false);
  const listed = useLoaded<{ version: number; prompts: Prompt[] }>("/registry/prompts", version.value);
  useEffect(() => void load(), []);
  const shown = (listed?.prompts ?? []).filter(
    ({ prompt, text, used, own }) => (!ownOnly || own) && `${prompt} ${text} ${used}`.includes(words.trim()),
  );
  const restoreShipped = async (prompt: string): Promise<void> => {
    try {
      await registryAct("prompts.change", { version: listed?.version ?? 0, prompt });
    } catch (error) {
      tellError(error);
    }
    version.value += 1;
  };
  return (
    <section aria-labelledby="prompts-title">
      <h2 id="prompts-title">{_("Prompts")}</h2>
      <p class="hint">{_("Changes are in your draft of the registry and come in force with it.")}</p>
      {overview.value?.closed && <p class="mark emergency">{overview.value.closed}</p>}
      <div class="search">
        <TextField kind="search" label={_("Search")} value={words} onChange={setWords} />
        <CheckField label={_("The site's own only")} value={ownOnly} onChange={setOwnOnly} />
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">{_("Prompt")}</th>
            <th scope="col">{_("Spoken words")}</th>
            <th scope="col">{_("Seconds")}</th>
            <th scope="col">{_("Acts")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((prompt) => (
            <tr key={prompt.prompt}>
              <th scope="row">
                {prompt.prompt} {prompt.own && <span class="mark">{_("own")}</span>}
              </th>
              <td>{prompt.text}</td>
              <td class="time">{prompt.seconds.toFixed(1)}</td>
              <td>
                <div class="acts">
                  <PlayButton prompt={prompt.prompt} />
                  <button type="button" aria-label={`${_("Replace")} ${prompt.prompt}`} onClick={() => (replaced.value = prompt)}>
                    {_("Replace")}
                  </button>
                  {prompt.own && prompt.shipped && <Button onPress={() => restoreShipped(prompt.prompt)}>{_("The shipped one again")}</Button>}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {replaced.value && <Replace prompt={replaced.value} version={listed?.version ?? 0} />}
    </section>
  );
}

let playing: HTMLAudioElement | null = null;

function PlayButton({ prompt }: { prompt: string }): JSX.Element {
  const play = async (): Promise<void> => {
    playing?.pause();
    playing = new Audio(`${SOUND}/${prompt}?v=${version.value}`);
    await playing.play().catch(tellError);
  };
  return (
    <button type="button" aria-label={`${_("Hear")} ${prompt}`} onClick={() => void play()}>
      {_("Hear")}
    </button>
  );
}

function Replace({ prompt, version: draft }: { prompt: Prompt; version: number }): JSX.Element {
  const [text, setText] = useState(prompt.text);
  const [sound, setSound] = useState<Blob | null>(null);
  const [recorder, setRecorder] = useState<SoundRecorder | null>(null);
  const close = (): void => {
    recorder?.stop();
    replaced.value = null;
  };
  const speak = async (): Promise<void> => {
    try {
      if (recorder) setSound(await recorder.stop());
      setRecorder(recorder ? null : await record());
    } catch (error) {
      tellError(error);
    }
  };
  const send = async (from: Blob | null): Promise<void> => {
    try {
      const { gain } = await upload(prompt.prompt, from, text, draft);
      tell("done", prompt.prompt, _("Level matched: {gain} dB", { gain: gain.toFixed(1) }));
      replaced.value = null;
    } catch (error) {
      tellError(error);
    }
    version.value += 1;
  };
  return (
    <Dialog title={`${_("Replace")} ${prompt.prompt}`} onClose={close}>
      <TextField label={_("Words of the recording")} value={text} onChange={setText} lines={2} />
      <label class="field">
        {_("A sound file, up to 20 MB")}
        <input type="file" accept="audio/*,video/*,.amr" onChange={(event) => setSound(event.currentTarget.files?.[0] ?? null)} />
      </label>
      <div class="acts">
        <Button onPress={speak} pressed={recorder !== null}>
          {recorder ? _("Stop") : _("Record with the microphone")}
        </Button>
        {recorder && <span role="status">{_("Recording …")}</span>}
      </div>
      <div class="acts">
        <Button onPress={() => send(sound)} look="main" disabled={!sound || recorder !== null}>
          {_("Save in the draft")}
        </Button>
        <Button onPress={() => send(null)} disabled={!text.trim() || recorder !== null}>
          {_("Let the voice read the words")}
        </Button>
        <Button onPress={close}>{_("Cancel")}</Button>
      </div>
    </Dialog>
  );
}

/** Send a new sound for a prompt; if there is none, the voice of the shipped prompts renders the words. */
async function upload(prompt: string, sound: Blob | null, text: string, draft: number): Promise<{ gain: number }> {
  const query = new URLSearchParams({ version: String(draft), text: text.replace(/\s+/g, " ").trim() });
  if (!sound) query.set("render", "1");
  const response = await fetch(`${SOUND}/${prompt}?${query}`, {
    method: "POST",
    headers: { "Accept-Language": language.value, "Content-Type": "application/octet-stream" },
    body: sound,
  });
  const answer = (await response.json()) as { gain: number; error?: ConstructorParameters<typeof Refused>[0] };
  if (answer.error) throw new Refused(answer.error);
  return answer;
}
