// The sound of an alarm, made by the browser: two notes, unlike the ringing of a call.

const NOTES = [880, 660]; // hertz
const LOUD = 0.15;
const NOTE_S = 0.25;
const EVERY_MS = 10_000;

/** Sound at once, and every ten seconds, until the returned function is called. */
export function soundAlarm(): () => void {
  const context = new AudioContext();
  const sound = (): void => {
    NOTES.forEach((frequency, place) => {
      const tone = new OscillatorNode(context, { frequency });
      tone.connect(new GainNode(context, { gain: LOUD })).connect(context.destination);
      tone.start(context.currentTime + place * NOTE_S);
      tone.stop(context.currentTime + (place + 1) * NOTE_S);
    });
  };
  sound();
  const again = setInterval(sound, EVERY_MS);
  return () => {
    clearInterval(again);
    void context.close();
  };
}
