// The page's end of the live channel: turns messages into DOM events that htmx triggers listen for.
import { setBusinessNow } from "./clock";
import { all } from "./dom";
import { Feed, type FromFeed } from "./feed";
import { t } from "./words";

function showState(up: boolean): void {
  document.body.dataset["live"] = up ? "up" : "down";
  const text = up ? t("实时", "Live") : t("重连中", "Reconnecting");
  for (const element of all("[data-live-state]")) {
    element.dataset["state"] = up ? "up" : "down";
    element.setAttribute("title", up ? t("实时连接正常", "Live connection is up") : t("实时连接断开，正在重连；数字可能不是最新", "Live connection lost, reconnecting; figures may be old"));
    const label = element.querySelector("[data-live-text]");
    if (label) label.textContent = text;
  }
}

/** After a gap nobody knows what happened: everything on the page that listens looks again. */
function lookAgain(): void {
  const heard = all("[hx-trigger*='sk:']").flatMap((element) => [...(element.getAttribute("hx-trigger") ?? "").matchAll(/sk:([\w.]+) from:body/g)]);
  for (const name of new Set(heard.map((match) => match[1] ?? ""))) announce(name, 0);
}

const PAUSE_MS = 2000;
const lastAt = new Map<string, number>();
const waiting = new Map<string, number>();

/** At once, and then at most every two seconds; what comes in between is told at the end of the pause, never lost. */
function announce(name: string, count: number): void {
  const counted = waiting.get(name);
  if (counted !== undefined) {
    waiting.set(name, counted + count);
    return;
  }
  const left = (lastAt.get(name) ?? 0) + PAUSE_MS - Date.now();
  if (left <= 0) {
    tell(name, count);
    return;
  }
  waiting.set(name, count);
  setTimeout(() => {
    const gathered = waiting.get(name) ?? 0;
    waiting.delete(name);
    tell(name, gathered);
  }, left);
}

function tell(name: string, count: number): void {
  lastAt.set(name, Date.now());
  document.body.dispatchEvent(new CustomEvent(`sk:${name}`, { detail: { count } }));
}

/** `intake.order_taken_in` is heard as sk:intake, sk:intake.order_taken_in and sk:live. */
export function dispatch(message: FromFeed): void {
  if (message.kind === "state") {
    showState(message.up);
    return;
  }
  if (message.now !== undefined) setBusinessNow(message.now);
  const names = new Map<string, number>();
  for (const { type, count } of message.messages) {
    if (type === "all") {
      lookAgain();
      continue;
    }
    const desk = type.split(".")[0] ?? type;
    for (const name of new Set([desk, type])) names.set(name, (names.get(name) ?? 0) + count);
  }
  for (const [name, count] of names) announce(name, count);
  if (names.size) document.body.dispatchEvent(new CustomEvent("sk:live", { detail: { messages: message.messages } }));
}

/** When the server was asked for this page, after whatever led to it: what happened since may not stand on it. */
function askedFor(): number {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return performance.timeOrigin + (navigation?.requestStart ?? 0);
}

/** Back shows a page as it was left, whether kept whole or taken from the browser's store: it looks at everything again. */
function lookAgainAfterBack(): void {
  window.addEventListener("pageshow", (event) => {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    if (event.persisted || navigation?.type === "back_forward") lookAgain();
  });
}

export function startLive(): void {
  lookAgainAfterBack();
  const meta = document.querySelector<HTMLMetaElement>('meta[name="sk-live"]');
  if (!meta?.content) return;
  const url = meta.content;
  if (typeof SharedWorker === "undefined") {
    const feed = new Feed(dispatch);
    feed.open(url, askedFor());
    window.addEventListener("pagehide", () => feed.close());
    window.addEventListener("pageshow", (event) => event.persisted && feed.open(url, Date.now()));
    return;
  }
  const connect = (askedAt: number): void => {
    const worker = new SharedWorker(meta.dataset["worker"] ?? "", { name: `live-${meta.dataset["person"] ?? ""}` });
    worker.port.onmessage = (event: MessageEvent<FromFeed>) => dispatch(event.data);
    worker.port.postMessage({ url, askedAt });
    window.addEventListener("pagehide", () => worker.port.postMessage({ bye: true }), { once: true });
  };
  connect(askedFor());
  window.addEventListener("pageshow", (event) => event.persisted && connect(Date.now()));
}
