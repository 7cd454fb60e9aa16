// Notices that the sound of a call has stopped. A lost path shows here first, because fifty packets come each second.

const READ_EVERY_MS = 100;
const STOPPED_MS = 500;

interface Flow {
  last: number; // time at which the last packet was played
  since: number; // time at which `last` was first read
  flows: boolean;
}

/** Pure; `now` and `since` are of one clock, `last` is of another. */
function flow(earlier: Flow, last: number, now: number): Flow {
  if (last !== earlier.last) return { last, since: now, flows: true };
  return { ...earlier, flows: earlier.flows && now - earlier.since < STOPPED_MS };
}

/** Call `stopped` each time the sound stops, until the returned function is called. */
export function watchFlow(connection: RTCPeerConnection, stopped: () => void): () => void {
  let flowNow: Flow = { last: 0, since: 0, flows: false };
  const timer = setInterval(() => {
    const earlier = flowNow;
    flowNow = flow(earlier, lastPlayed(connection), performance.now());
    if (earlier.flows && !flowNow.flows) stopped();
  }, READ_EVERY_MS);
  return () => clearInterval(timer);
}

function lastPlayed(connection: RTCPeerConnection): number {
  const sources = connection.getReceivers().flatMap((receiver) => receiver.getSynchronizationSources());
  return Math.max(0, ...sources.map((source) => source.timestamp));
}
