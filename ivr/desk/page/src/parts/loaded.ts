// The response to a GET request, which is sent again when its path or its version changes.

import { useEffect, useState } from "preact/hooks";
import { get } from "../rest";
import { tellError } from "./toasts";

/** Return the response to GET `path`; null before the response. A change of `version` sends the request again. */
export function useLoaded<T>(path: string | null, version: unknown = 0): T | null {
  const [answer, setAnswer] = useState<T | null>(null);
  useEffect(() => {
    let stale = false;
    if (path === null) setAnswer(null);
    else
      get<T>(path)
        .then((response) => !stale && setAnswer(response))
        .catch((error: unknown) => !stale && tellError(error));
    return () => {
      stale = true;
    };
  }, [path, version]);
  return answer;
}
