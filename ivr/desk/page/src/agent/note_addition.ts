// A text that another part of the page puts into the notes of a call.

import { signal } from "@preact/signals";

export const noteAddition = signal<{ call: string; text: string } | null>(null);
