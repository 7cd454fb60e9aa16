// A view whose code is loaded when the view is first shown, so that the page starts quickly.

import { useSignal } from "@preact/signals";
import type { FunctionComponent, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { _ } from "../texts";
import { tellError } from "./toasts";

export function lazy(load: () => Promise<FunctionComponent>): () => JSX.Element {
  return function Lazy(): JSX.Element {
    const view = useSignal<{ shown: FunctionComponent } | null>(null);
    useEffect(() => {
      load()
        .then((shown) => (view.value = { shown }))
        .catch(tellError);
    }, []);
    if (!view.value) return <main class="loading">{_("Loading …")}</main>;
    const Shown = view.value.shown;
    return <Shown />;
  };
}
