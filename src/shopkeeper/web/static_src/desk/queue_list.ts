// The queue: who waits, the nearest due first; rows stay in place while their rings turn.
import { SHOP_ZONE } from "../lib/clock";
import { all, icon, make } from "../lib/dom";
import { t } from "../lib/words";
import { makeRing, turn } from "./ring";
import type { QueueItem } from "./shapes";

const SIGNS: Record<string, string> = { platform: "building-store", widget: "message", phone: "phone", form: "file-text" };

export class QueueList {
  items: QueueItem[] = [];
  private chosen = 0;
  private open = 0;

  constructor(
    private readonly list: HTMLElement,
    private readonly opened: (id: number) => void,
  ) {
    window.setInterval(() => all(".sk-ring", document).forEach(turn), 250);
  }

  show(items: QueueItem[]): void {
    this.items = items;
    const rows = items.map((item) => this.row(item));
    if (!rows.length) {
      const none = make("li", "sk-empty");
      none.append(icon("inbox"), make("p", "", t("没有等待的客户。", "No customer is waiting.")));
      rows.push(none);
    }
    this.list.replaceChildren(...rows);
    this.mark();
  }

  private row(item: QueueItem): HTMLLIElement {
    const holder = make("li");
    const button = make("button", `sk-desk-item${item.waits ? " is-waiting" : ""}`);
    button.type = "button";
    button.dataset["talk"] = String(item.id);
    const ring = make("span", "sk-ring");
    makeRing(ring, item);
    const name = make("b");
    name.append(icon(SIGNS[item.channel] ?? "message"), ` ${item.contact}`);
    name.title = `${item.number} ${item.shop} ${item.channel_text}`;
    const who = make("span", "sk-meta", item.state === "queued" ? item.state_text : item.is_mine ? clock(item.last_at) : item.agent);
    button.append(ring, name, who, make("span", "sk-preview", (item.last_sender === "agent" ? t("我们：", "Us: ") : "") + item.preview));
    button.addEventListener("click", () => this.opened(item.id));
    holder.append(button);
    return holder;
  }

  setOpen(id: number): void {
    this.open = id;
    this.chosen = id;
    this.mark();
  }

  move(step: number): void {
    const at = this.items.findIndex((item) => item.id === this.chosen);
    const next = this.items[Math.min(this.items.length - 1, Math.max(0, at + step))];
    if (!next) return;
    this.chosen = next.id;
    this.mark();
    this.list.querySelector(`[data-talk="${next.id}"]`)?.scrollIntoView({ block: "nearest" });
  }

  openChosen(): void {
    const id = this.chosen || this.items[0]?.id;
    if (id) this.opened(id);
  }

  private mark(): void {
    for (const row of all("[data-talk]", this.list)) {
      row.classList.toggle("is-chosen", Number(row.dataset["talk"]) === this.chosen);
      row.setAttribute("aria-current", String(Number(row.dataset["talk"]) === this.open));
    }
  }
}

function clock(at: string): string {
  return new Date(at).toLocaleTimeString("zh-CN", { timeZone: SHOP_ZONE, hour: "2-digit", minute: "2-digit", hour12: false });
}
