// SharedWorker: one live connection for all tabs of a person, so that ten open tabs never starve the browser.
import { Feed, type FromFeed } from "./lib/feed";

interface WorkerScope {
  onconnect: ((event: MessageEvent) => void) | null;
}

const ports = new Set<MessagePort>();
const KEPT_MS = 60_000;
let last: FromFeed | null = null;
let recent: { at: number; message: FromFeed }[] = [];

const feed = new Feed((message) => {
  if (message.kind === "state") last = message;
  else if (message.messages.length) recent.push({ at: Date.now(), message });
  for (const port of ports) port.postMessage(message);
});

/** A page joins: what happened between its being asked for and now comes from the server, or was heard here. */
function open(port: MessagePort, url: string, askedAt: number): void {
  recent = recent.filter(({ at }) => at > Date.now() - KEPT_MS);
  if (feed.isOpen()) for (const { at, message } of recent) if (at >= askedAt) port.postMessage(message);
  feed.open(url, askedAt);
}

(self as unknown as WorkerScope).onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  ports.add(port);
  port.onmessage = (said: MessageEvent<{ url?: string; askedAt?: number; bye?: boolean }>) => {
    if (said.data.bye) ports.delete(port);
    if (said.data.url) open(port, said.data.url, said.data.askedAt ?? Date.now());
    if (ports.size === 0) feed.close();
  };
  if (last) port.postMessage(last);
};
