// The level of the microphone.

const EVERY_MS = 100;

/** Call `report` with the level, 0 to 1, ten times a second until the returned function is called. */
export async function watchLevel(device: string, report: (level: number) => void): Promise<() => void> {
  const audio = device ? { deviceId: { ideal: device } } : true;
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    report(Math.min(1, 2 * Math.max(...samples.map(Math.abs))));
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
}
