// SharedWorker: one live connection for all tabs of a person, so that ten open tabs never starve the browser.
import { Feed, type FromFeed } from "./lib/feed";

interface WorkerScope {
  onconnect: ((event: MessageEvent) => void) | null;
}

const ports = new Set<MessagePort>();
let last: FromFeed | null = null;

const feed = new Feed((message) => {
  if (message.kind === "state") last = message;
  for (const port of ports) port.postMessage(message);
});

(self as unknown as WorkerScope).onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  ports.add(port);
  port.onmessage = (said: MessageEvent<{ url?: string; bye?: boolean }>) => {
    if (said.data.bye) ports.delete(port);
    if (said.data.url) feed.open(said.data.url);
    if (ports.size === 0) feed.close();
  };
  if (last) port.postMessage(last);
};
