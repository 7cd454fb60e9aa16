// The shapes of /api/v1/knowledge.

export interface ArticleContent {
  title: string;
  questions: string[];
  short: string;
  long: string;
  sources: string[];
  unit: string;
  line: string;
  valid_from: string;
  valid_until: string;
}

export interface FoundArticle extends ArticleContent {
  article: string;
  version: number;
  shipped: boolean; // came with the program, and the unit has not checked it
  open_reports: number;
}

export interface WrongAnswerReport {
  report: number;
  at: string;
  by: string;
  text: string;
  settled_at: string | null;
  settled_by: string;
  settlement: string;
}

export type ArticleState = "draft" | "review" | "released" | "withdrawn";

export interface Article {
  article: string;
  state: ArticleState;
  version: number;
  content: ArticleContent;
  released: ArticleContent | null;
  released_version: number;
  reviewer: string;
  reason: string;
  reports: WrongAnswerReport[];
  open_reports: number;
  offered: boolean;
  shipped: boolean;
  expired: boolean;
}

export interface ArticleEvent {
  sequence: number;
  at: string;
  act: string;
  by: string;
  unit: string;
  fields: Record<string, unknown>;
}

export interface OpenedArticle {
  article: Article;
  events: ArticleEvent[];
}

export interface ArticleWords {
  role: "agent" | "unit" | "reviewer";
  units: string[];
  states: Record<ArticleState, string>;
  acts: Record<string, { title: string; states: ArticleState[]; needs: string[]; may: string[] }>;
}
