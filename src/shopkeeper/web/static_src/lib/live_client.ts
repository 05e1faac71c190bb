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
  const heard = all("[hx-trigger*='sk:']").flatMap((element) => [...(element.getAttribute("hx-trigger") ?? "").matchAll(/sk:(\w+) from:body/g)]);
  for (const name of new Set(heard.map((match) => match[1]))) document.body.dispatchEvent(new CustomEvent(`sk:${name}`, { detail: { count: 0 } }));
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
  for (const [name, count] of names) {
    document.body.dispatchEvent(new CustomEvent(`sk:${name}`, { detail: { count } }));
  }
  if (names.size) document.body.dispatchEvent(new CustomEvent("sk:live", { detail: { messages: message.messages } }));
}

export function startLive(): void {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="sk-live"]');
  if (!meta?.content) return;
  const url = meta.content;
  if (typeof SharedWorker === "undefined") {
    const feed = new Feed(dispatch);
    feed.open(url);
    window.addEventListener("pagehide", () => feed.close());
    window.addEventListener("pageshow", (event) => event.persisted && feed.open(url));
    return;
  }
  const connect = (): void => {
    const worker = new SharedWorker(meta.dataset["worker"] ?? "", { name: `live-${meta.dataset["person"] ?? ""}` });
    worker.port.onmessage = (event: MessageEvent<FromFeed>) => dispatch(event.data);
    worker.port.postMessage({ url });
    window.addEventListener("pagehide", () => worker.port.postMessage({ bye: true }), { once: true });
  };
  connect();
  window.addEventListener("pageshow", (event) => event.persisted && connect());
}
