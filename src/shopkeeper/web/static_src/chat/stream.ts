// A stream of server-sent events that comes back by itself and says what it has already.
export interface StreamWatcher {
  heard(data: string): void;
  state(up: boolean): void;
}

const BACK_OFF = [300, 700, 1_500, 3_000, 5_000];

export class Stream {
  private source: EventSource | null = null;
  private timer = 0;
  private failures = 0;

  constructor(
    private readonly address: () => string,
    private readonly watcher: StreamWatcher,
  ) {}

  open(): void {
    this.close();
    const url = this.address();
    if (!url) return;
    const source = new EventSource(url);
    this.source = source;
    source.onopen = () => {
      this.failures = 0;
      this.watcher.state(true);
    };
    source.onmessage = (event: MessageEvent<string>) => this.watcher.heard(event.data);
    // The browser would come back to the same address; ours says how far it has read.
    source.onerror = () => {
      this.close();
      this.watcher.state(false);
      const wait = BACK_OFF[Math.min(this.failures, BACK_OFF.length - 1)];
      this.failures += 1;
      this.timer = window.setTimeout(() => this.open(), wait);
    };
  }

  close(): void {
    window.clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }
}
