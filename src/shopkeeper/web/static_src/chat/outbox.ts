// Lines on their way: each is sent under its own key, one after the other, and again until it was answered.
export interface Outgoing {
  client_id: string;
  to: string;
  text: string;
  picture_id?: number;
  sku_id?: number;
}

export interface Refusal {
  status: number;
  code: string;
  words: string;
}

/** What sending came to: an answer, a refusal for good, or null when nothing was heard and it is tried again. */
export type Sent = { ok: true; answer: Record<string, unknown> } | { ok: false; refusal: Refusal } | null;

export interface OutboxWatcher {
  sent(line: Outgoing, answer: Record<string, unknown>): void;
  refused(line: Outgoing, refusal: Refusal): void;
  waiting(count: number, offline: boolean): void;
}

const BACK_OFF = [400, 800, 1_600, 3_000];
export const PATIENCE_MS = 10_000;
const REPEATABLE = new Set([408, 425, 429, 500, 502, 503, 504]);

export class Outbox {
  private readonly lines: Outgoing[];
  private busy = false;
  private failures = 0;

  constructor(
    private readonly store: string,
    private readonly send: (line: Outgoing) => Promise<Sent>,
    private readonly watcher: OutboxWatcher,
  ) {
    this.lines = JSON.parse(sessionStorage.getItem(store) ?? "[]") as Outgoing[];
    window.addEventListener("online", () => void this.work());
  }

  get pending(): readonly Outgoing[] {
    return this.lines;
  }

  add(line: Omit<Outgoing, "client_id">): Outgoing {
    const made = { ...line, client_id: newKey() };
    this.lines.push(made);
    this.keep();
    void this.work();
    return made;
  }

  private keep(): void {
    if (this.lines.length) sessionStorage.setItem(this.store, JSON.stringify(this.lines));
    else sessionStorage.removeItem(this.store);
  }

  async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    for (let line = this.lines[0]; line; line = this.lines[0]) {
      const result = await this.send(line);
      if (result === null) {
        this.failures += 1;
        this.watcher.waiting(this.lines.length, true);
        await new Promise((resolve) => setTimeout(resolve, BACK_OFF[Math.min(this.failures, BACK_OFF.length) - 1]));
        continue;
      }
      this.failures = 0;
      this.lines.shift();
      this.keep();
      if (result.ok) this.watcher.sent(line, result.answer);
      else this.watcher.refused(line, result.refusal);
      this.watcher.waiting(this.lines.length, false);
    }
    this.busy = false;
  }
}

/** Post and tell apart what may be tried again from what was refused. */
export async function post(url: string, body: unknown, headers: Record<string, string>): Promise<Sent> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
      redirect: "error",
    });
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (response.ok) return { ok: true, answer };
    if (REPEATABLE.has(response.status) && answer["code"] !== "too_fast") return null;
    return { ok: false, refusal: { status: response.status, code: String(answer["code"] ?? ""), words: wordsOf(answer) } };
  } catch {
    return null;
  }
}

/** The words of a refusal: plain, or in both languages. */
export function wordsOf(answer: Record<string, unknown>): string {
  const words = answer["words"];
  if (typeof words === "string") return words;
  if (words && typeof words === "object") {
    const both = words as Record<string, string>;
    return (document.documentElement.lang.startsWith("zh") ? both["zh"] : both["en"]) ?? "";
  }
  return "";
}

/** A key nobody else makes; pages without a secure context lack randomUUID. */
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
