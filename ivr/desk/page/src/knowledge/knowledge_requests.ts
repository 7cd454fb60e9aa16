// Acts on articles. They go over REST, because a person of a unit has no WebSocket.

import { signal } from "@preact/signals";
import { tellError } from "../parts/toasts";
import { request } from "../rest";
import { _, type Text } from "../texts";
import { CONTENT_LABELS } from "./content_labels";

const TITLE: Record<string, Text> = {
  id: "Name of the article",
  ...CONTENT_LABELS,
  reason: "Reason",
  text: "Remark",
};

/** Changes with each act of this page, so that lists and the opened article are loaded again. */
export const acted = signal(0);

/** Do an act on an article, and show the reason if it is refused. Returns whether it was done. */
export async function actOnArticle(article: string, act: string, fields: Record<string, unknown>): Promise<boolean> {
  try {
    await request("POST", "/acts/article.act", { article, act, fields });
  } catch (error) {
    tellError(error, (field) => (TITLE[field] ? _(TITLE[field]) : field));
    return false;
  }
  acted.value += 1;
  return true;
}
