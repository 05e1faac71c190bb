// Short answers at the edge of the screen: what was done, what was refused and why, undo for ten seconds.
import { all, announce, csrf, icon, make, one } from "./dom";
import { t } from "./words";

export interface Toast {
  tone: "green" | "amber" | "red" | "blue";
  text: string;
  details?: string[];
  undo?: string;
  reference?: string;
}

const ICONS = { green: "circle-check", amber: "alert-triangle", red: "alert-circle", blue: "info-circle" } as const;
const UNDO_MS = 10_000;

async function takeBack(url: string, box: HTMLElement): Promise<void> {
  box.remove();
  const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": csrf(), "HX-Request": "true" } });
  if (answer.ok) {
    show({ tone: "blue", text: t("已撤销", "Undone") });
    document.body.dispatchEvent(new CustomEvent("sk:undone", { bubbles: true }));
  } else {
    show({ tone: "red", text: t("来不及撤销了，请到记录里改回", "Too late to undo. Change it back on the record.") });
  }
}

export function show(toast: Toast): void {
  const stack = one("#toasts");
  if (!stack) return;
  const box = make("div", `sk-toast tone-${toast.tone}`);
  box.append(icon(ICONS[toast.tone]));
  const body = make("div", "sk-toast-body");
  body.append(make("strong", "", toast.text));
  for (const line of toast.details ?? []) body.append(make("div", "sk-toast-line", line));
  if (toast.reference) body.append(make("div", "sk-meta", `${t("编号", "Reference")} ${toast.reference}`));
  box.append(body);
  if (toast.undo) {
    const undo = make("button", "btn btn-sm", t("撤销", "Undo"));
    undo.type = "button";
    undo.addEventListener("click", () => void takeBack(toast.undo ?? "", box));
    box.append(undo);
  }
  const close = make("button", "sk-icon-button");
  close.type = "button";
  close.setAttribute("aria-label", t("关闭", "Close"));
  close.append(icon("x"));
  close.addEventListener("click", () => box.remove());
  box.append(close);
  stack.append(box);
  while (stack.children.length > 4) stack.firstElementChild?.remove();
  announce(toast.text);
  const stays = toast.tone === "red" || toast.tone === "amber" ? 15_000 : toast.undo ? UNDO_MS : 5_000;
  expire(box, stays);
}

/** Remove after a while, but never under somebody's pointer or focus. */
function expire(box: HTMLElement, ms: number): void {
  window.setTimeout(() => {
    if (box.matches(":hover, :focus-within")) expire(box, 2_000);
    else box.remove();
  }, ms);
}

export function startToasts(): void {
  document.addEventListener("sk:toast", (event) => {
    const detail = (event as CustomEvent<{ toasts?: Toast[] }>).detail;
    for (const toast of detail.toasts ?? []) show(toast);
  });
  for (const holder of all("[data-toasts]")) {
    for (const toast of JSON.parse(holder.dataset["toasts"] || "[]") as Toast[]) show(toast);
    holder.removeAttribute("data-toasts");
  }
  document.addEventListener("htmx:sendError", () => {
    show({ tone: "red", text: t("网络断了，刚才的操作没有送达。请检查网络后再试。", "Offline: that did not reach the server. Check the network and try again.") });
  });
  document.addEventListener("htmx:responseError", (event) => {
    const xhr = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
    if (xhr.getResponseHeader("HX-Trigger")?.includes("sk:toast")) return;
    const reference = xhr.getResponseHeader("SK-Reference") ?? "";
    const text =
      xhr.status === 403
        ? t("你没有这项权限。需要时请找主管。", "You may not do this. Ask your supervisor if you need to.")
        : t("没有成功（{s}）。请再试一次；还不行就把编号告诉管理员。", "That failed ({s}). Try again; if it persists, give the reference to your administrator.", { s: xhr.status });
    show({ tone: "red", text, reference });
  });
}
