// The loudness of a recording over its time, read from the WAV file that the server sends (8 kHz, 16 bit, one channel).

export interface Waveform {
  seconds: number;
  peaks: number[]; // 0 to 1, one for each of the equal parts of the recording
}

const HEAD = 12; // bytes of RIFF, its length, WAVE
const CHUNK_HEAD = 8; // bytes of a chunk's name and length
const FULL = 32768;

/** Read a recording; null if the file is no WAV of 16 bit samples. */
export function readWaveform(file: ArrayBuffer, parts: number): Waveform | null {
  const view = new DataView(file);
  let rate = 0;
  for (let at = HEAD; at + CHUNK_HEAD <= file.byteLength; ) {
    const name = String.fromCharCode(...new Uint8Array(file, at, 4));
    const length = view.getUint32(at + 4, true);
    const begin = at + CHUNK_HEAD;
    if (name === "fmt ") rate = view.getUint32(begin + 4, true);
    if (name === "data") {
      // The file of a recording in progress has no length yet.
      const bytes = Math.min(length || file.byteLength, file.byteLength - begin);
      return rate > 0 ? { seconds: bytes / 2 / rate, peaks: peaksOf(view, begin, Math.floor(bytes / 2), parts) } : null;
    }
    at = begin + length + (length % 2);
  }
  return null;
}

function peaksOf(view: DataView, begin: number, samples: number, parts: number): number[] {
  const partLength = Math.max(1, Math.ceil(samples / parts));
  const peaks: number[] = [];
  for (let first = 0; first < samples; first += partLength) {
    let peak = 0;
    for (let sample = first; sample < Math.min(first + partLength, samples); sample++)
      peak = Math.max(peak, Math.abs(view.getInt16(begin + sample * 2, true)));
    peaks.push(peak / FULL);
  }
  return peaks;
}
