// What the desk's doors answer.
export interface QueueItem {
  id: number;
  number: string;
  shop: string;
  channel: string;
  channel_text: string;
  state: string;
  state_text: string;
  contact: string;
  agent: string;
  is_mine: boolean;
  preview: string;
  last_sender: string;
  last_at: string;
  waits: boolean;
  since: string | null;
  until: string | null;
  is_first: boolean;
  sequence: number;
}

export interface Queue {
  items: QueueItem[];
  me: { id: number; presence: string } | null;
  share: number | null;
  now: number;
}

export interface Card {
  name: string;
  spec: string;
  price_minor: number;
  currency: string;
  available: number;
}

export interface Line {
  id: number;
  sequence: number;
  client_id: string;
  sender: string;
  person: string;
  said_at: string;
  text: string;
  card: Card | null;
  picture: number | null;
  delivery: string;
  failure: string;
}

export interface Talk {
  id: number;
  number: string;
  shop: string;
  contact: string;
  channel: string;
  channel_text: string;
  state: string;
  state_text: string;
  agent: string;
  ticket_id: number | null;
  is_mine: boolean;
  is_open: boolean;
  may_write: boolean;
  rings: boolean;
  waiting_from: string | null;
  due_at: string | null;
  replied_at: string | null;
  open_since: string | null;
  waited_s: number | null;
  is_late: boolean;
}

export interface TalkAnswer {
  talk: Talk;
  lines: Line[];
  undelivered: Record<string, [string, string]>;
}

export interface Notice {
  topic: number | null;
  shop?: number;
  agent?: number | null;
  doing?: string;
  person?: number;
  name?: string;
}

export interface Suggestions {
  sayings: { id: number; shortcut: string; title: string; text: string }[];
  goods: { sku_id: number; code: string; name: string; spec: string; price_minor: number; currency: string; available: number }[];
  knowledge: { id: number; title: string; body: string }[];
}
