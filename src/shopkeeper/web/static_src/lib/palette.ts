// Ctrl-K: go anywhere and find anything. Pages match at once; records are asked of the server.
import { all, icon, make, on, one } from "./dom";
import { openDialog } from "./menus";
import { t } from "./words";

interface Entry {
  label: string;
  hint: string;
  url: string;
  icon: string;
  keys: string;
}

let pages: Entry[] | null = null;
let asked = 0;
const CHINESE = /[\u3400-\u9fff]/;

const dialog = (): HTMLDialogElement | null => one<HTMLDialogElement>("#palette");

async function ask(text: string): Promise<Entry[]> {
  const url = `${dialog()?.dataset["url"] ?? ""}?q=${encodeURIComponent(text)}`;
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  return answer.ok ? ((await answer.json()) as { entries: Entry[] }).entries : [];
}

function draw(entries: Entry[]): void {
  const list = one("#palette-list");
  if (!list) return;
  const items = entries.slice(0, 12).map((entry, index) => {
    const link = make("a", "sk-palette-item");
    link.href = entry.url;
    link.id = `palette-${index}`;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", String(index === 0));
    link.tabIndex = -1;
    link.append(icon(entry.icon || "arrow-right"), make("span", "", entry.label), make("span", "sk-meta", entry.hint));
    return link;
  });
  list.replaceChildren(...(items.length ? items : [make("p", "sk-empty", t("没有找到。可以搜页面名、订单号、商品编码、运单号。", "Nothing found. Try a page, an order, SKU or tracking number."))]));
  one("#palette-input")?.setAttribute("aria-activedescendant", items.length ? "palette-0" : "");
}

async function search(text: string): Promise<void> {
  const turn = ++asked;
  pages ??= await ask("");
  const wanted = text.trim().toLowerCase();
  const near = pages.filter((page) => `${page.label} ${page.hint} ${page.keys}`.toLowerCase().includes(wanted));
  if (turn !== asked) return;
  draw(near);
  if (wanted.length < (CHINESE.test(wanted) ? 2 : 3)) return;
  await new Promise((resolve) => setTimeout(resolve, 120));
  if (turn !== asked) return;
  const found = await ask(text.trim());
  if (turn === asked) draw([...found, ...near]);
}

function move(by: number): void {
  const items = all("#palette-list .sk-palette-item");
  const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  const next = items[(at + by + items.length) % items.length];
  for (const item of items) item.setAttribute("aria-selected", String(item === next));
  next?.scrollIntoView({ block: "nearest" });
  one("#palette-input")?.setAttribute("aria-activedescendant", next?.id ?? "");
}

export function openPalette(): void {
  const box = dialog();
  const input = one<HTMLInputElement>("#palette-input");
  if (!box || !input) return;
  openDialog(box);
  input.value = "";
  input.focus();
  void search("");
}

export function startPalette(): void {
  on("click", "[data-palette]", openPalette);
  on("input", "#palette-input", (input) => void search((input as HTMLInputElement).value));
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
    } else if (dialog()?.open) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter") {
        event.preventDefault();
        one<HTMLAnchorElement>("#palette-list [aria-selected=true]")?.click();
      }
    }
  });
}
