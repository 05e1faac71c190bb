// The live connection itself: one EventSource, messages gathered for a moment, reconnected with back-off.
export interface LiveMessage {
  type: string;
  count: number;
}
export type FromFeed =
  | { kind: "state"; up: boolean }
  | { kind: "messages"; messages: LiveMessage[]; now?: number };

interface Raw {
  type?: string;
  count?: number;
  now?: string | number;
  events?: Raw[];
}

const GATHER_MS = 250;
const NAMES = ["message", "live", "events", "clock"];

/** Read one message in any of the shapes the hub may send: one event, a list, or a list inside `events`. */
export function understand(text: string): { messages: LiveMessage[]; now?: number } {
  let said: Raw | Raw[];
  try {
    said = JSON.parse(text) as Raw | Raw[];
  } catch {
    return { messages: [] };
  }
  const envelope = Array.isArray(said) ? { events: said } : said;
  const raws = envelope.events ?? [envelope];
  const messages = raws
    .filter((raw): raw is Raw & { type: string } => typeof raw.type === "string")
    .map((raw) => ({ type: raw.type, count: raw.count ?? 1 }));
  const stamp = envelope.now ?? raws.at(-1)?.now;
  if (stamp === undefined) return { messages };
  return { messages, now: typeof stamp === "number" ? stamp : Date.parse(stamp) };
}

export class Feed {
  private source: EventSource | null = null;
  private url = "";
  private pending: LiveMessage[] = [];
  private timer = 0;
  private wait = 1000;
  private heardAt = Date.now();
  private isUp = false;

  constructor(private readonly tell: (message: FromFeed) => void) {}

  /** Connect unless connected; `askedAt` is when the page was asked for: what happened since is told first. */
  open(url: string, askedAt: number): void {
    this.url = url; // the newest page holds the freshest token
    if (this.isOpen()) return;
    this.heardAt = askedAt;
    this.connect();
  }

  isOpen(): boolean {
    return this.source !== null && this.source.readyState !== EventSource.CLOSED;
  }

  close(): void {
    this.source?.close();
    this.source = null;
  }

  private connect(): void {
    const age = Math.max(0, Math.round(Date.now() - this.heardAt));
    const source = new EventSource(`${this.url}&age=${age}`);
    this.source = source;
    source.onopen = () => {
      this.wait = 1000;
      this.isUp = true;
      this.tell({ kind: "state", up: true });
    };
    source.onerror = () => {
      if (this.isUp) this.heardAt = Date.now(); // connected by us again, this is where the gap began
      this.isUp = false;
      this.tell({ kind: "state", up: false });
      if (source.readyState !== EventSource.CLOSED || source !== this.source) return;
      setTimeout(() => source === this.source && this.connect(), this.wait);
      this.wait = Math.min(this.wait * 2, 30_000);
    };
    for (const name of NAMES) {
      source.addEventListener(name, (event) => this.take((event as MessageEvent<string>).data));
    }
  }

  private take(text: string): void {
    const { messages, now } = understand(text);
    if (now !== undefined) this.tell({ kind: "messages", messages: [], now });
    this.pending.push(...messages);
    if (this.pending.length === 0 || this.timer) return;
    this.timer = Number(setTimeout(() => this.flush(), GATHER_MS));
  }

  private flush(): void {
    this.timer = 0;
    const counts = new Map<string, number>();
    for (const { type, count } of this.pending) counts.set(type, (counts.get(type) ?? 0) + count);
    this.pending = [];
    this.tell({ kind: "messages", messages: [...counts].map(([type, count]) => ({ type, count })) });
  }
}
