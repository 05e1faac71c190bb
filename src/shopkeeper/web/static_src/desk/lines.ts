// The lines of the open conversation: each once, in order, with what became of those that are on their way.
import { businessNow, SHOP_ZONE } from "../lib/clock";
import { all, icon, make, one } from "../lib/dom";
import { price } from "../lib/money";
import { t } from "../lib/words";
import type { Card, Line } from "./shapes";

const FAILED = "failed";

export class Lines {
  private readonly shown = new Map<number, HTMLElement>();
  private readonly arrived = new Set<string>();
  private readonly waiting = new Map<string, HTMLElement>();
  last = 0;

  constructor(
    private readonly place: HTMLElement,
    private readonly pictureAddress: (id: number) => string,
    private readonly resend: (messageId: number) => void,
  ) {}

  clear(): void {
    this.place.replaceChildren();
    this.shown.clear();
    this.arrived.clear();
    this.waiting.clear();
    this.last = 0;
  }

  add(lines: readonly Line[]): void {
    const atEnd = this.place.scrollHeight - this.place.scrollTop - this.place.clientHeight < 60;
    for (const line of lines) this.put(line);
    if (atEnd || !this.place.dataset["read"]) this.toEnd();
  }

  private put(line: Line): void {
    this.last = Math.max(this.last, line.sequence);
    if (this.shown.has(line.sequence)) return;
    const key = line.client_id.replace(/^a:/, "");
    this.arrived.add(key);
    const own = this.waiting.get(key);
    if (own) {
      own.remove(); // it takes its real place now
      this.waiting.delete(key);
    }
    const row = make("div", `sk-said is-${line.sender}`);
    row.dataset["sequence"] = String(line.sequence);
    row.dataset["message"] = String(line.id);
    if (line.sender === "system") row.append(`${line.text} · ${time(line.said_at)}`);
    else row.append(this.bubble(line), this.meta(line));
    this.shown.set(line.sequence, row);
    this.place.append(row);
  }

  private bubble(line: Pick<Line, "text" | "card" | "picture">): HTMLElement {
    const bubble = make("div", "sk-bubble", line.text);
    if (line.card) bubble.append(goods(line.card));
    if (line.picture !== null) {
      const picture = make("img");
      picture.alt = t("图片", "Picture");
      picture.src = this.pictureAddress(line.picture);
      picture.addEventListener("load", () => this.toEnd());
      bubble.append(picture);
    }
    return bubble;
  }

  private meta(line: Line): HTMLElement {
    const meta = make("div", "sk-said-meta");
    const who = line.sender === "agent" ? line.person : line.sender === "bot" ? t("自动问候", "Greeting") : "";
    meta.append(make("span", "", [who, time(line.said_at)].filter(Boolean).join(" · ")));
    meta.append(make("span", "sk-delivery"));
    this.tellDelivery(meta, line.id, line.delivery, line.failure);
    return meta;
  }

  private tellDelivery(meta: HTMLElement, id: number, delivery: string, failure: string): void {
    const place = one(".sk-delivery", meta);
    if (!place) return;
    place.classList.toggle("is-bad", delivery === FAILED);
    if (delivery === FAILED) {
      const again = make("button", "btn btn-sm", t("重发", "Send again"));
      again.type = "button";
      again.addEventListener("click", () => this.resend(id));
      place.replaceChildren(icon("alert-circle"), t("平台未接收：{code}", "Not taken by the platform: {code}", { code: failure }), again);
    } else place.textContent = delivery === "pending" ? t("发送中", "Being sent") : delivery === "sent" ? t("已送达", "Delivered") : "";
  }

  /** What is still under way or was refused; everything else that was under way has arrived. */
  deliveries(undelivered: Record<string, [string, string]>): void {
    for (const row of all(".sk-said.is-agent, .sk-said.is-bot", this.place)) {
      const meta = one(".sk-said-meta", row);
      const known = undelivered[row.dataset["sequence"] ?? ""];
      const place = one(".sk-delivery", row);
      if (!meta || !place) continue;
      if (known) this.tellDelivery(meta, Number(row.dataset["message"]), known[0], known[1]);
      else if (place.textContent) this.tellDelivery(meta, Number(row.dataset["message"]), "sent", "");
    }
  }

  /** A line on its way; one that came before its answer did (the page was loaded again meanwhile) stands there already. */
  expect(key: string, text: string, picture: number | null = null): void {
    if (this.arrived.has(key)) return;
    const row = make("div", "sk-said is-agent");
    const meta = make("div", "sk-said-meta");
    meta.append(make("span", "sk-waiting", t("发送中…", "Sending…")));
    row.append(this.bubble({ text, card: null, picture }), meta);
    this.waiting.set(key, row);
    this.place.append(row);
    this.toEnd();
  }

  refused(key: string, words: string): void {
    const row = this.waiting.get(key);
    const place = row && one(".sk-waiting", row);
    if (place) {
      place.className = "sk-waiting is-bad";
      place.textContent = words;
    }
  }

  toEnd(): void {
    this.place.scrollTop = this.place.scrollHeight;
    this.place.dataset["read"] = "1";
  }
}

export function goods(card: Card): HTMLElement {
  const box = make("div", "sk-goods");
  box.append(make("b", "", card.name), make("span", "sk-price", price(card.price_minor, card.currency)), make("span", "sk-meta", card.spec));
  box.append(make("span", "sk-meta", card.available > 0 ? t("可售 {n}", "{n} free", { n: card.available }) : t("缺货", "Out of stock")));
  return box;
}

/** The shop's time of day, with the date where it is not today's. */
function time(said: string): string {
  const at = new Date(said);
  const day = (moment: Date | number): string => new Date(moment).toLocaleDateString("sv-SE", { timeZone: SHOP_ZONE });
  const date = day(at) === day(businessNow()) ? "" : `${day(at)} `;
  return date + at.toLocaleTimeString("zh-CN", { timeZone: SHOP_ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}
