// The shapes of /api/v1/orders; docs/orders.md explains the fields.

export interface OrderLine {
  order: string;
  state: string;
  state_title: string;
  title: string;
  opened_at: string;
  caller: string;
  number: string;
  county: string;
  place: string;
  kind: string;
  class: string;
  unit: string;
  helpers: string[];
  due_on: string | null;
  accept_on: string | null;
  overdue: boolean;
  supervised: number;
  confidential: boolean;
  enterprise: boolean;
  company: string;
  officer: string;
  struck_off_at: string | null;
  extension_asked: number;
  rounds: number;
}

export interface Order extends OrderLine {
  content: string;
  said: string;
  contact: string;
  answer: string;
  opinion: string;
  reason: string;
  turn_to: string;
  into: string;
  call_id: string;
  files: OrderFile[];
}

export interface OrderFile {
  file: string;
  name: string;
  media: string;
  size: number;
  by: string;
}

export interface OrderEvent {
  sequence: number;
  at: string;
  act: string;
  title: string;
  by: string;
  unit: string;
  fields: Record<string, string | number | boolean | string[]>;
}

export interface PossibleAct {
  act: string;
  title: string;
  needs: string[];
  may: string[];
}

export interface Suggestion {
  kind: string;
  class: string;
  county: string;
  unit: string;
  helpers: string[];
  officer: string;
  history: string[];
}

export interface Similar {
  order: string;
  state: string;
  opened_at: string;
  title: string;
  unit: string;
}

export interface OpenedOrder {
  order: Order;
  events: OrderEvent[];
  acts: PossibleAct[];
  suggestion: Suggestion;
  similar: Similar[];
}

export interface Directory {
  units: string[];
  officers: { officer: string; unit: string; phone: string; topics: string[] }[];
  has_ledger: boolean;
  kinds: { kind: string; title: string; days: number }[];
  classes: { class: string; title: string }[];
  counties: string[];
  grounds: { ground: string; title: string }[];
  states: { state: string; title: string }[];
}

export interface Counts {
  states: Record<string, number>;
  overdue: number;
  supervised: number;
}
