// Notices that the sound of a call has stopped. Fifty packets come each second, so a lost path shows here first.

const LOOK_MS = 100;
const STOPPED_MS = 500;

interface Flow {
  last: number; // when the last packet was played
  since: number; // when that was seen first
  flows: boolean;
}

/** Pure; `now` and `since` are of one clock, `last` is of another. */
function flow(before: Flow, last: number, now: number): Flow {
  if (last !== before.last) return { last, since: now, flows: true };
  return { ...before, flows: before.flows && now - before.since < STOPPED_MS };
}

/** Call `stopped` each time the sound stops, until the returned function is called. */
export function watchFlow(connection: RTCPeerConnection, stopped: () => void): () => void {
  let seen: Flow = { last: 0, since: 0, flows: false };
  const timer = setInterval(() => {
    const before = seen;
    seen = flow(before, lastPlayed(connection), performance.now());
    if (before.flows && !seen.flows) stopped();
  }, LOOK_MS);
  return () => clearInterval(timer);
}

function lastPlayed(connection: RTCPeerConnection): number {
  const sources = connection.getReceivers().flatMap((receiver) => receiver.getSynchronizationSources());
  return Math.max(0, ...sources.map((source) => source.timestamp));
}
