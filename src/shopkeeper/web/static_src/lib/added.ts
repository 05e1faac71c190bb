// A button that adds its line to a long field; the caret stands behind it, where the rest is typed.
import { on, one } from "./dom";

export function startAdded(): void {
  on("click", "[data-add-line]", (button) => {
    const field = one<HTMLTextAreaElement>(`#${button.dataset["into"] ?? ""}`);
    if (field) add(field, button.dataset["addLine"] ?? "");
  });
}

/** What stands there already is not added again: the caret goes to its line. */
function add(field: HTMLTextAreaElement, text: string): void {
  const lines = field.value.split("\n");
  while (lines.length && !lines.at(-1)?.trim()) lines.pop();
  let place = lines.findIndex((line) => line.trim().split(/[\s,，;；]+/)[0] === text);
  if (place < 0) {
    place = lines.push(`${text} `) - 1;
    field.value = lines.join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const end = lines.slice(0, place + 1).join("\n").length;
  field.focus();
  field.setSelectionRange(end, end);
}
