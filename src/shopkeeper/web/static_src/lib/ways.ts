// Whoever came to a record from the work list goes back there, not to the list of all records.
import { one } from "./dom";
import { t } from "./words";

const KEPT = "sk-from-work";

function isWorkList(address: string): boolean {
  return one<HTMLAnchorElement>("[data-work-list]")?.href === address;
}

function showWay(): void {
  const back = one<HTMLAnchorElement>(".sk-back");
  const work = one<HTMLAnchorElement>("[data-work-list]");
  if (!back || !work || sessionStorage.getItem(KEPT) !== location.pathname) return;
  back.href = work.href;
  const words = back.lastChild;
  if (words) words.textContent = t("返回我的工作", "Back to my work");
}

export function startWays(): void {
  if (document.referrer && isWorkList(document.referrer.split(/[?#]/)[0] ?? "")) sessionStorage.setItem(KEPT, location.pathname);
  document.addEventListener("htmx:afterSwap", showWay);
  showWay();
}
