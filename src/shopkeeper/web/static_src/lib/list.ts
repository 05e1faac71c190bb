// Lists: choosing rows, the bulk bar, new rows that wait behind a button, keys j k x Enter (in the work list, too).
import { all, announce, on, one, setCookie, typing } from "./dom";
import { openSheet } from "./sheet";
import { t } from "./words";

const boxes = (): HTMLInputElement[] => all<HTMLInputElement>("[data-list] tbody input[name=ids]");
const ROW = "[data-list] tbody tr[data-record], .sk-work-item[data-record]";
let anchor: HTMLInputElement | null = null;

function refreshBar(): void {
  const list = one("[data-list]");
  if (!list) return;
  const rows = boxes();
  const chosen = rows.filter((box) => box.checked);
  const whole = one<HTMLInputElement>("[data-choose-page]", list);
  if (whole) {
    whole.checked = rows.length > 0 && chosen.length === rows.length;
    whole.indeterminate = chosen.length > 0 && chosen.length < rows.length;
  }
  const matching = one<HTMLInputElement>("input[name=all_matching]", list);
  const everything = one("[data-choose-matching]", list);
  if (matching && !(whole?.checked ?? false)) matching.value = "";
  if (everything) everything.hidden = !(whole?.checked && everything.dataset["more"]) || matching?.value === "1";
  const bar = one(".sk-bulk", list);
  if (bar) bar.hidden = chosen.length === 0;
  const said = matching?.value === "1" ? (everything?.dataset["total"] ?? t("全部", "all")) : String(chosen.length);
  for (const count of all("[data-chosen], [data-chosen-here]", list)) count.textContent = t("已选 {n}", "{n} chosen", { n: said });
  for (const box of rows) box.closest("tr")?.classList.toggle("is-chosen", box.checked);
}

function chooseRange(box: HTMLInputElement, event: MouseEvent): void {
  const rows = boxes();
  if (event.shiftKey && anchor && rows.includes(anchor)) {
    const [from, to] = [rows.indexOf(anchor), rows.indexOf(box)].sort((a, b) => a - b) as [number, number];
    for (const between of rows.slice(from, to + 1)) between.checked = box.checked;
  }
  anchor = box;
  refreshBar();
}

function currentRow(): HTMLElement | null {
  return all(ROW).find((row) => row === document.activeElement) ?? all(ROW).find((row) => row.hasAttribute("aria-current")) ?? null;
}

function step(by: number): void {
  const rows = all(ROW);
  const at = rows.indexOf(currentRow() as HTMLElement);
  const row = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
  if (row && !one("#sheet")?.hidden) void openSheet(row.dataset["record"] ?? "", row);
}

function keys(event: KeyboardEvent): void {
  if (!one(ROW) || typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
  const row = currentRow();
  if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  else if (event.key === "x" && row) one<HTMLInputElement>("input[name=ids]", row)?.click();
  else if (event.key === "Enter" && row && event.target === row) void openSheet(row.dataset["record"] ?? "", row);
  else return;
  event.preventDefault();
}

/** Count arrivals without moving what somebody reads; the button reloads the rows. */
function startArrivals(): void {
  const list = one("[data-arrivals]");
  if (!list) return;
  const button = one("[data-show-arrivals]", list);
  let waiting = 0;
  document.body.addEventListener(`sk:${list.dataset["arrivals"] ?? ""}`, (event) => {
    waiting += (event as CustomEvent<{ count: number }>).detail.count;
    if (!button) return;
    button.hidden = false;
    const label = button.querySelector("span");
    if (label) label.textContent = t("{n} 条新的", "{n} new", { n: waiting });
  });
  button?.addEventListener("click", () => {
    waiting = 0;
    button.hidden = true;
    document.body.dispatchEvent(new CustomEvent("sk:rows"));
  });
}

function startColumns(): void {
  on("change", "[data-column]", (box) => {
    const menu = box.closest<HTMLElement>("[data-columns]");
    if (!menu) return;
    const shown = all<HTMLInputElement>("[data-column]:checked", menu).map((chosen) => chosen.dataset["column"]);
    setCookie(`sk_cols_${menu.dataset["columns"]}`, shown.join("."));
    document.body.dispatchEvent(new CustomEvent("sk:columns"));
  });
}

/** Several numbers pasted from a sheet come with line breaks, which a one-line field would swallow. */
function startPasting(): void {
  on<ClipboardEvent>("paste", "[data-paste-many]", (field, event) => {
    const text = event.clipboardData?.getData("text") ?? "";
    if (!/[\r\n\t]/.test(text) || !(field instanceof HTMLInputElement)) return;
    event.preventDefault();
    const numbers = text.split(/[\s,;，；、]+/).filter(Boolean);
    field.value = numbers.join(" ");
    announce(t("粘贴了 {n} 个号码", "{n:# number|# numbers} pasted", { n: numbers.length }));
    field.form?.requestSubmit();
  });
}

/** Narrow windows scroll the tabs: the chosen one is brought into sight, and the page stays where it is. */
function showTab(): void {
  const tab = one(".sk-tab[aria-current]");
  const bar = tab?.parentElement;
  if (tab && bar) bar.scrollLeft += tab.getBoundingClientRect().left - bar.getBoundingClientRect().left - (bar.clientWidth - tab.clientWidth) / 2;
}

export function startLists(): void {
  showTab();
  document.addEventListener("htmx:afterSwap", showTab);
  on<MouseEvent>("click", "[data-list] tbody input[name=ids]", (box, event) => chooseRange(box as HTMLInputElement, event));
  on("change", "[data-choose-page]", (whole) => {
    for (const box of boxes()) box.checked = (whole as HTMLInputElement).checked;
    refreshBar();
  });
  on("click", "[data-choose-matching]", () => {
    const matching = one<HTMLInputElement>("[data-list] input[name=all_matching]");
    if (matching) matching.value = "1";
    refreshBar();
  });
  on("click", "[data-choose-none]", () => {
    for (const box of boxes()) box.checked = false;
    refreshBar();
  });
  document.addEventListener("keydown", keys);
  document.addEventListener("htmx:afterSwap", refreshBar);
  window.addEventListener("pageshow", refreshBar);
  startArrivals();
  startColumns();
  startPasting();
}
