// The fields of an article as the pages name them, for versions side by side and for refusals.

import type { Text } from "../texts";
import type { ArticleContent } from "./knowledge_types";

export const CONTENT_LABELS: Record<keyof ArticleContent, Text> = {
  title: "Title",
  questions: "Questions",
  short: "Short answer",
  long: "Long answer",
  sources: "Sources",
  unit: "Unit",
  line: "Line concerned",
  valid_from: "Valid from",
  valid_until: "Valid until",
};
