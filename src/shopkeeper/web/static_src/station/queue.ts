// Scans on their way: each is sent once, in order, and repeated with the same key until it was answered.
import { setBusinessNow } from "../lib/clock";
import { csrf } from "../lib/dom";
import type { Verdict } from "./sound";

export interface Scan {
  key: string;
  code: string;
  scanned_at: string;
}

export interface Answer {
  verdict: Verdict;
  title: string;
  detail?: string;
  say?: string;
  progress?: [done: number, of: number];
  next?: string;
  prompt?: string;
  context?: Record<string, string>;
  repeat?: boolean;
  open_url?: string;
  panel?: string;
}

export interface Watcher {
  answered(scan: Scan, answer: Answer): void;
  waiting(scans: readonly Scan[], offline: boolean): void;
  stopped(status: number): void;
}

const PATIENCE_MS = 8_000;
const BACK_OFF = [300, 600, 1_000, 2_000];
const REPEATABLE = new Set([408, 425, 429, 500, 502, 503, 504]);

export class ScanQueue {
  private readonly scans: Scan[];
  private context: Record<string, string>;
  private busy = false;
  private failures = 0;

  constructor(
    private readonly url: string,
    private readonly store: string,
    private readonly watcher: Watcher,
    context: Record<string, string>,
  ) {
    const kept = JSON.parse(sessionStorage.getItem(store) ?? "null") as { scans: Scan[]; context: Record<string, string> } | null;
    this.scans = kept?.scans ?? [];
    this.context = this.scans.length ? (kept?.context ?? context) : context;
    window.addEventListener("online", () => void this.work());
    if (this.scans.length) void this.work();
  }

  get pending(): readonly Scan[] {
    return this.scans;
  }

  add(code: string): Scan {
    const scan = { key: crypto.randomUUID(), code, scanned_at: new Date().toISOString() };
    this.scans.push(scan);
    this.keep();
    this.watcher.waiting(this.scans, this.failures > 0);
    void this.work();
    return scan;
  }

  private keep(): void {
    if (this.scans.length) sessionStorage.setItem(this.store, JSON.stringify({ scans: this.scans, context: this.context }));
    else sessionStorage.removeItem(this.store);
  }

  /** Send one after the other: the answer to one scan decides what the next one means. */
  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    for (let scan = this.scans[0]; scan; scan = this.scans[0]) {
      const answer = await this.send(scan);
      if (answer === null) {
        this.failures += 1;
        this.watcher.waiting(this.scans, true);
        await new Promise((resolve) => setTimeout(resolve, BACK_OFF[Math.min(this.failures, BACK_OFF.length) - 1]));
        continue;
      }
      if (typeof answer === "number") {
        this.watcher.stopped(answer);
        break;
      }
      this.failures = 0;
      this.scans.shift();
      this.context = { ...this.context, ...(answer.context ?? {}) };
      this.keep();
      this.watcher.answered(scan, answer);
      this.watcher.waiting(this.scans, false);
    }
    this.busy = false;
  }

  /** The answer; null to try again (nothing was heard); a status where trying again is useless. */
  private async send(scan: Scan): Promise<Answer | number | null> {
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": scan.key, "X-CSRFToken": csrf(), Accept: "application/json" },
        body: JSON.stringify({ ...scan, context: this.context }),
        signal: AbortSignal.timeout(PATIENCE_MS),
        redirect: "error",
      });
      setBusinessNow(Number(response.headers.get("SK-Now") ?? Number.NaN));
      if (REPEATABLE.has(response.status)) return null;
      if (!response.ok) return response.status;
      return (await response.json()) as Answer;
    } catch {
      return null;
    }
  }
}
