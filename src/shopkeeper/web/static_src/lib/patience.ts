// Live refreshes wait while somebody is in the middle of something: what is typed or open is never swept away.
import { all, one } from "./dom";

const CONTAINERS: Record<string, string> = { record: "sk:record", board: "sk:board", work: "sk:rows", rows: "sk:rows" };
const LOOK_MS = 1000;
const pending = new Set<string>();
let opened: string[] = [];

interface Asked {
  elt: HTMLElement;
  requestConfig?: { triggeringEvent?: Event };
  shouldSwap?: boolean;
}

/** Whether this refresh came from the live channel; what one's own command asks for is never held back. */
function isLive({ elt, requestConfig }: Asked): boolean {
  const own = CONTAINERS[elt.id];
  const type = requestConfig?.triggeringEvent?.type ?? "";
  return own !== undefined && type.startsWith("sk:") && type !== own && type !== "sk:columns";
}

function isChanged(field: HTMLElement): boolean {
  if (field instanceof HTMLSelectElement) {
    return field.size < 2 && [...field.options].some((option) => option.defaultSelected) && !field.selectedOptions[0]?.defaultSelected;
  }
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (!(field instanceof HTMLInputElement) || field.type === "hidden") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return field.type === "file" ? field.value !== "" : field.value !== field.defaultValue;
}

function isBusy(container: HTMLElement): boolean {
  const at = document.activeElement;
  return (
    container.hasAttribute("data-refused") ||
    one("dialog[open], tbody input[name=ids]:checked", container) !== null ||
    (at !== null && container.contains(at) && at.matches("input, textarea, select")) ||
    all("details[open]", container).some((part) => one("input:not([type=hidden]), textarea, select", part) !== null) ||
    all("form input, form textarea, form select", container).some(isChanged)
  );
}

function hold(asked: Asked, refuse: () => void): void {
  const looksAgain = asked.elt.hasAttribute("data-again") ? one("#record") : null;
  const container = looksAgain ?? (isLive(asked) ? asked.elt : null);
  if (!container || !isBusy(container)) return;
  refuse();
  pending.add(container.id);
}

/** A part that was unfolded stays unfolded; its heading says which it is. */
function heading(part: HTMLElement): string {
  return one("summary", part)?.textContent?.trim() ?? "";
}

/** A refused form came back at its door, which nobody can open: the bar names the record instead. */
function nameOwnAddress(): void {
  const here = one("#record[data-refused]")?.getAttribute("hx-get");
  if (here) history.replaceState(history.state, "", here);
}

export function startPatience(): void {
  nameOwnAddress();
  document.addEventListener("htmx:beforeRequest", (event) => {
    hold((event as CustomEvent<Asked>).detail, () => event.preventDefault());
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const asked = (event as CustomEvent<Asked>).detail;
    hold(asked, () => (asked.shouldSwap = false));
    opened = isLive(asked) ? all("details[open]:not(.sk-menu)", asked.elt).map(heading) : [];
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target instanceof HTMLElement) event.target.removeAttribute("data-refused"); // what was refused is off the page
    for (const part of opened.length ? all<HTMLDetailsElement>("details:not(.sk-menu)") : []) {
      if (opened.includes(heading(part))) part.open = true;
    }
    opened = [];
  });
  window.setInterval(() => {
    for (const id of pending) {
      const container = one(`#${id}`);
      if (container && isBusy(container)) continue;
      pending.delete(id);
      document.body.dispatchEvent(new CustomEvent(CONTAINERS[id] ?? ""));
    }
  }, LOOK_MS);
}
