// The side sheet: a record beside its list. Its address is kept in the list's own address (?open=…).
import { all, announce, make, on, one } from "./dom";
import { t } from "./words";

const sheet = (): HTMLElement | null => one("#sheet");
let opener: HTMLElement | null = null;

function remember(url: string): void {
  const here = new URL(location.href);
  if (url) here.searchParams.set("open", url);
  else here.searchParams.delete("open");
  history.replaceState(history.state, "", here);
}

function sameOrigin(url: string): boolean {
  return new URL(url, location.href).origin === location.origin && url.startsWith("/") && !url.startsWith("//");
}

export async function openSheet(url: string, from: HTMLElement | null = null): Promise<void> {
  const panel = sheet();
  const body = one("#sheet-body");
  if (!panel || !body || !sameOrigin(url)) return;
  opener = from ?? opener;
  panel.hidden = false;
  document.body.classList.add("sheet-open");
  body.setAttribute("aria-busy", "true");
  for (const row of all("[data-record]")) row.toggleAttribute("aria-current", row.dataset["record"] === url);
  const answer = await fetch(url, { headers: { "HX-Request": "true", "HX-Target": "sheet-body" } });
  body.removeAttribute("aria-busy");
  if (!answer.ok) {
    const note = answer.status === 403 ? t("你没有权限看这条记录", "You may not see this record") : t("这条记录打不开（{s}）", "This record cannot be opened ({s})", { s: answer.status });
    body.replaceChildren(make("p", "sk-empty", note));
    return;
  }
  body.innerHTML = await answer.text(); // our own server's page, escaped there
  window.htmx?.process(body);
  body.scrollTop = 0;
  document.dispatchEvent(new CustomEvent("htmx:afterSwap"));
  one<HTMLAnchorElement>("#sheet-whole")?.setAttribute("href", url);
  remember(url);
  announce(one("h1, h2", body)?.textContent?.trim() ?? "");
}

export function closeSheet(): void {
  const panel = sheet();
  if (!panel || panel.hidden) return;
  panel.hidden = true;
  document.body.classList.remove("sheet-open");
  for (const row of all("[data-record][aria-current]")) row.removeAttribute("aria-current");
  remember("");
  opener?.focus({ preventScroll: true });
}

export function startSheet(): void {
  on<MouseEvent>("click", "[data-record]", (row, event) => {
    const target = event.target as Element;
    if (event.defaultPrevented || target.closest("a, button, input, label, details, summary")) return;
    if (window.getSelection()?.toString()) return; // somebody is selecting a number, not opening it
    if (event.ctrlKey || event.metaKey) window.open(row.dataset["record"], "_blank");
    else void openSheet(row.dataset["record"] ?? "", row);
  });
  on<MouseEvent>("click", "a[data-sheet]", (link, event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !sheet()) return;
    event.preventDefault();
    void openSheet(link.getAttribute("href") ?? "", link);
  });
  on("click", "[data-close-sheet]", closeSheet);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !one("dialog[open]")) closeSheet();
  });
  const wanted = new URL(location.href).searchParams.get("open");
  if (wanted) void openSheet(wanted);
}
