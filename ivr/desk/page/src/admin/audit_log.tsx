// The audit log with a search. A button loads earlier lines.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { cityMoment } from "../clock";
import { Button } from "../parts/button";
import { TextField } from "../parts/fields";
import { tellError } from "../parts/toasts";
import type { AuditLine } from "../protocol";
import { get } from "../rest";
import { _ } from "../texts";

const LINES_AT_ONCE = 100;
const TYPING_MS = 300; // after the last letter of a search

export function AuditLog(): JSX.Element {
  const [words, setWords] = useState("");
  const [user, setUser] = useState("");
  const [act, setAct] = useState("");
  const [since, setSince] = useState("");
  const [lines, setLines] = useState<AuditLine[]>([]);
  const [more, setMore] = useState(false);
  const load = async (before?: number): Promise<void> => {
    const query = new URLSearchParams({ limit: String(LINES_AT_ONCE) });
    const conditions = { words, user, act, since: since && `${since}T00:00:00+08:00`, before: before ? String(before) : "" };
    for (const [key, value] of Object.entries(conditions)) if (value) query.set(key, value);
    const { audit } = await get<{ audit: AuditLine[] }>(`/audit?${query}`);
    setLines((shown) => (before ? [...shown, ...audit] : audit));
    setMore(audit.length === LINES_AT_ONCE);
  };
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(tellError), TYPING_MS);
    return () => clearTimeout(timer);
  }, [words, user, act, since]);
  return (
    <section aria-labelledby="audit-title">
      <h2 id="audit-title">{_("Audit log")}</h2>
      <div class="search" role="search">
        <TextField kind="search" label={_("Search")} value={words} onChange={setWords} />
        <TextField label={_("User")} value={user} onChange={setUser} />
        <TextField label={_("Act")} value={act} onChange={setAct} />
        <TextField kind="date" label={_("Since")} value={since} onChange={setSince} />
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">{_("Time")}</th>
            <th scope="col">{_("User")}</th>
            <th scope="col">{_("Act")}</th>
            <th scope="col">{_("About")}</th>
            <th scope="col">{_("Detail")}</th>
            <th scope="col">{_("From")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id}>
              <td class="time">{cityMoment(line.at)}</td>
              <td>{line.user}</td>
              <td>{line.act}</td>
              <td>{line.about}</td>
              <td class="note">{line.detail}</td>
              <td class="number">{line.from}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more && <Button onPress={() => load(lines.at(-1)?.id).catch(tellError)}>{_("More lines")}</Button>}
    </section>
  );
}
