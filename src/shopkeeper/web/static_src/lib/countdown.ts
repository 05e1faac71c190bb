// Ticks every `data-due` element: 剩 3 小时 / 已超 12 分钟, and its tone as the moment comes nearer.
import { businessNow } from "./clock";
import { all } from "./dom";
import { t } from "./words";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The largest unit that says enough; days keep their hours below ten days. */
export function span(ms: number): string {
  const whole = Math.abs(ms);
  if (whole < MINUTE) return t("{n} 秒", "{n}s", { n: Math.floor(whole / 1000) });
  if (whole < HOUR) return t("{n} 分钟", "{n} min", { n: Math.floor(whole / MINUTE) });
  if (whole < 2 * DAY) {
    const minutes = Math.floor((whole % HOUR) / MINUTE);
    const n = Math.floor(whole / HOUR);
    if (whole >= 10 * HOUR || minutes === 0) return t("{n} 小时", "{n} h", { n });
    return t("{n} 小时 {m} 分", "{n} h {m} min", { n, m: minutes });
  }
  return t("{n} 天", "{n} d", { n: Math.floor(whole / DAY) });
}

export function countdownText(due: number, now: number): string {
  return due >= now ? t("剩 {s}", "{s} left", { s: span(due - now) }) : t("已超 {s}", "{s} over", { s: span(now - due) });
}

function tone(due: number, now: number): string {
  if (due < now) return "red";
  return due - now <= HOUR ? "amber" : "calm";
}

export function tick(): void {
  const now = businessNow();
  for (const element of all("[data-due]")) {
    const due = Number(element.dataset["due"]);
    const text = countdownText(due, now);
    const label = element.querySelector<HTMLElement>("[data-due-text]") ?? element;
    if (label.textContent !== text) label.textContent = text;
    element.dataset["tone"] = tone(due, now);
  }
}

export function startCountdowns(): void {
  window.setInterval(tick, 1000);
  document.addEventListener("sk:clock", tick);
  document.addEventListener("htmx:afterSwap", tick);
  tick();
}
