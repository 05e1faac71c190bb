// `/` in the composer: canned replies with their places filled, products with price and stock, knowledge.
import { icon, make } from "../lib/dom";
import { price } from "../lib/money";
import { t } from "../lib/words";
import type { Suggestions } from "./shapes";

export interface Chosen {
  text?: string;
  sku_id?: number;
}

export class Suggest {
  private options: { element: HTMLButtonElement; chosen: Chosen }[] = [];
  private at = 0;
  private asked = 0;

  constructor(
    private readonly box: HTMLElement,
    private readonly field: HTMLTextAreaElement,
    private readonly fetchFor: (text: string) => Promise<Suggestions | null>,
    private readonly choose: (chosen: Chosen) => void,
  ) {}

  get isOpen(): boolean {
    return !this.box.hidden;
  }

  close(): void {
    this.asked += 1;
    this.box.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  async ask(text: string): Promise<void> {
    const mine = ++this.asked;
    const found = await this.fetchFor(text);
    if (mine !== this.asked || !found) return;
    this.options = [];
    this.at = 0;
    this.box.replaceChildren();
    this.group(t("话术", "Canned replies"), found.sayings.map((s) => [`/${s.shortcut} ${s.title}`, s.text, { text: s.text }, "bolt"]));
    this.group(
      t("商品（回车发送商品卡）", "Products (Enter sends the card)"),
      found.goods.map((g) => [`${g.name} ${g.spec}`, `${price(g.price_minor, g.currency)} · ${t("可售 {n}", "{n} free", { n: g.available })} · ${g.code}`, { sku_id: g.sku_id }, "package"]),
    );
    this.group(t("知识", "Knowledge"), found.knowledge.map((k) => [k.title, k.body, { text: k.body }, "book"]));
    if (!this.options.length) {
      this.box.append(make("h3", "", t("没有匹配的话术。可在“话术”页新增。", "Nothing matches. Add replies on the canned replies page.")));
    }
    this.box.hidden = false;
    this.mark();
  }

  private group(title: string, rows: [string, string, Chosen, string][]): void {
    if (!rows.length) return;
    this.box.append(make("h3", "", title));
    for (const [name, detail, chosen, sign] of rows) {
      const element = make("button");
      element.type = "button";
      element.setAttribute("role", "option");
      element.id = `suggest-${this.options.length}`;
      const head = make("span", "sk-line");
      head.append(icon(sign), make("b", "", name));
      element.append(head, make("small", "", detail));
      element.addEventListener("click", () => this.take(chosen));
      this.options.push({ element, chosen });
      this.box.append(element);
    }
  }

  private mark(): void {
    this.options.forEach(({ element }, n) => element.setAttribute("aria-selected", String(n === this.at)));
    const now = this.options[this.at]?.element;
    if (now) this.field.setAttribute("aria-activedescendant", now.id);
    now?.scrollIntoView({ block: "nearest" });
  }

  private take(chosen: Chosen): void {
    this.close();
    this.choose(chosen);
  }

  /** True where the key was ours. */
  key(event: KeyboardEvent): boolean {
    if (!this.isOpen) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.at = (this.at + step + this.options.length) % Math.max(1, this.options.length);
      this.mark();
    } else if (event.key === "Enter" && this.options[this.at]) this.take(this.options[this.at]!.chosen);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
