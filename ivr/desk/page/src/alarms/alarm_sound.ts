// The sound of an alarm, made by the browser: two notes, unlike the ringing of a call.

const NOTES = [880, 660]; // hertz
const GAIN = 0.15;
const NOTE_S = 0.25;
const EVERY_MS = 10_000;

/** Sound at once, and every ten seconds, until the returned function is called. */
export function soundAlarm(): () => void {
  const context = new AudioContext();
  const sound = (): void => {
    NOTES.forEach((frequency, index) => {
      const tone = new OscillatorNode(context, { frequency });
      tone.connect(new GainNode(context, { gain: GAIN })).connect(context.destination);
      tone.start(context.currentTime + index * NOTE_S);
      tone.stop(context.currentTime + (index + 1) * NOTE_S);
    });
  };
  sound();
  const timer = setInterval(sound, EVERY_MS);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
