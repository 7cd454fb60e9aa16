// Requests to the REST interface of the server that this page came from.

import { language } from "./settings";
import type { ErrorBody } from "./protocol";
import { _ } from "./texts";

const DEADLINE_MS = 10_000;
const UPLOAD_DEADLINE_MS = 90_000;

/** A refusal of the server; the page shows its message unchanged. */
export class Refused extends Error {
  readonly code: string;
  readonly field: string | null;
  readonly more: Readonly<Record<string, unknown>>; // members of the error object that only some refusals have

  constructor(error: ErrorBody) {
    super(error.message);
    this.code = error.code;
    this.more = { ...error };
    this.field = error.field;
  }
}

/** Send a request. The browser's own words about a failure are in its language, and say nothing to an agent. */
async function send(path: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(path, options);
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    if (late) throw new Error(_("The desk has not answered: look whether the act was done before you try again."));
    throw new Error(_("The desk cannot be reached: check the network, then try again."));
  }
}

export async function request<T>(method: string, path: string, body?: unknown, deadlineMs = DEADLINE_MS): Promise<T> {
  const response = await send(`/api/v1${path}`, {
    method,
    headers: {
      "Accept-Language": language.value,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(deadlineMs),
  });
  if (response.status === 204) return undefined as T;
  const answer: unknown = await response.json();
  if (!response.ok) throw new Refused((answer as { error: ErrorBody }).error);
  return answer as T;
}

/** Send a file unchanged. */
export async function upload(path: string, file: File): Promise<void> {
  const response = await send(`/api/v1${path}`, {
    method: "POST",
    headers: { "Accept-Language": language.value, "Content-Type": "application/octet-stream" },
    body: file,
    signal: AbortSignal.timeout(UPLOAD_DEADLINE_MS),
  });
  if (!response.ok) throw new Refused(((await response.json()) as { error: ErrorBody }).error);
}

/** GET a file, for example a recording. */
export async function getFile(path: string): Promise<Blob> {
  const response = await send(`/api/v1${path}`, { headers: { "Accept-Language": language.value } });
  if (!response.ok) throw new Refused(((await response.json()) as { error: ErrorBody }).error);
  return response.blob();
}

export const get = <T>(path: string): Promise<T> => request<T>("GET", path);
