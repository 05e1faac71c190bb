// Business time in the page: the machine's plus an offset, or the last moment the simulated shop told.
const meta = document.querySelector<HTMLMetaElement>('meta[name="sk-clock"]');
const simulated = meta?.dataset["mode"] === "simulated";
let told = Number(meta?.content ?? Date.now());
let heard = Date.now();

export function businessNow(): number {
  return simulated ? told : told + (Date.now() - heard);
}

/** Take a newer business time (ms since 1970) from an answer or a live message; it never runs backwards. */
export function setBusinessNow(moment: number): void {
  if (!Number.isFinite(moment) || moment <= businessNow()) return;
  told = moment;
  heard = Date.now();
  document.dispatchEvent(new CustomEvent("sk:clock"));
}

/** Every page tells the shop's time, wherever the browser stands. */
export const SHOP_ZONE = "Asia/Shanghai";

const face = new Intl.DateTimeFormat("zh-CN", {
  timeZone: SHOP_ZONE,
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});

function showClock(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-clock-face]")) {
    const parts = Object.fromEntries(face.formatToParts(businessNow()).map((part) => [part.type, part.value]));
    element.textContent = `${parts["month"]}-${parts["day"]} ${parts["hour"]}:${parts["minute"]}`;
  }
}

export function startClock(): void {
  document.addEventListener("sk:clock", showClock);
  document.addEventListener("htmx:afterRequest", (event) => {
    const detail = (event as CustomEvent<{ xhr?: XMLHttpRequest }>).detail;
    setBusinessNow(Number(detail.xhr?.getResponseHeader("SK-Now") ?? Number.NaN));
  });
  window.setInterval(showClock, 10_000);
  showClock();
}
