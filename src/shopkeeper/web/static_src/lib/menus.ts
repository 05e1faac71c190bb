// Menus are <details>, dialogs are <dialog>: this only closes and opens them the way people expect.
import { all, on, one } from "./dom";

export function openDialog(dialog: HTMLDialogElement): void {
  if (!dialog.open) dialog.showModal();
  dialog.querySelector<HTMLElement>("[autofocus], input:not([type=hidden]), textarea, select, button")?.focus();
}

export function startMenus(): void {
  document.addEventListener("click", (event) => {
    const inside = event.target instanceof Element ? event.target.closest("details.sk-menu") : null;
    for (const menu of all<HTMLDetailsElement>("details.sk-menu[open]")) {
      const chosen = inside === menu && event.target instanceof Element && event.target.closest("[data-close-menu]");
      if (inside !== menu || chosen) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all<HTMLDetailsElement>("details.sk-menu[open]")) {
      menu.open = false;
      menu.querySelector<HTMLElement>("summary")?.focus();
    }
  });
  on<MouseEvent>("click", "[data-dialog]", (button, event) => {
    event.preventDefault();
    const dialog = one<HTMLDialogElement>(`#${CSS.escape(button.dataset["dialog"] ?? "")}`);
    if (dialog) openDialog(dialog);
  });
  on("click", "[data-close-dialog]", (button) => button.closest("dialog")?.close());
  document.addEventListener("click", (event) => {
    if (event.target instanceof HTMLDialogElement && event.target.matches(".sk-dialog")) event.target.close();
  });
  on("click", "[data-nav-toggle]", () => {
    const open = document.body.classList.toggle("nav-open");
    for (const button of all("[data-nav-toggle]")) button.setAttribute("aria-expanded", String(open));
  });
}
