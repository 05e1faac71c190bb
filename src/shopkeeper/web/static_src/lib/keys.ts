// Keys that work on every page: / search, e primary action, ? help.
import { one, typing } from "./dom";
import { openDialog } from "./menus";

export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    if (event.key === "/") {
      const search = one("[data-search]");
      if (!search) return;
      search.focus();
    } else if (event.key === "e") {
      const root = one("#sheet:not([hidden])") ?? document;
      const primary = one("[data-primary]", root);
      if (!primary) return;
      primary.click();
    } else if (event.key === "?") {
      const help = one<HTMLDialogElement>("#keys-help");
      if (help) openDialog(help);
    } else return;
    event.preventDefault();
  });
}
