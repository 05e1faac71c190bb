// Words that are typed and not sent yet are kept in this tab: after a reload they are there again.
// Only long fields, only until they are sent or somebody signs out: nothing else of a page is kept in the browser.
import { all, on, one } from "./dom";
import { show } from "./toasts";
import { t } from "./words";

const PREFIX = "sk-draft";
const ANEW = /^csrfmiddlewaretoken$|^form_token$|_ref$/; // of each rendering, not of the record

function person(): string {
  return one<HTMLMetaElement>('meta[name="sk-live"]')?.dataset["person"] ?? "";
}

/** Whose words, on which page, for which record: forms of one page by address, by what they carry hidden, by place. */
function keyOf(field: HTMLTextAreaElement): string {
  const form = field.form;
  if (!form || form.method !== "post" || !field.name) return "";
  const name = nameOf(field);
  const alike = all<HTMLTextAreaElement>("form textarea").filter((other) => other.name === field.name && nameOf(other) === name);
  return alike.length > 1 ? `${name}|${alike.indexOf(field)}` : name;
}

function nameOf(field: HTMLTextAreaElement): string {
  const form = field.form;
  if (!form) return "";
  const hidden = all<HTMLInputElement>("input[type=hidden]", form).filter((field) => !ANEW.test(field.name));
  const carried = hidden.map(({ name, value }) => `${name}=${value}`).join("&");
  return [PREFIX, person(), location.pathname, new URL(form.action).pathname, carried, field.name].join("|");
}

/** The place of words outside a form: whose, on which page, for which record. */
function placeOf(record: string): string {
  return [PREFIX, person(), location.pathname, record].join("|");
}

/** Keep the words for a record; none are kept where they are empty. */
export function keepDraft(record: string, text: string): void {
  if (text) sessionStorage.setItem(placeOf(record), text);
  else sessionStorage.removeItem(placeOf(record));
}

export function draftOf(record: string): string {
  return sessionStorage.getItem(placeOf(record)) ?? "";
}

function forget(everything = false): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && (everything || !key.startsWith(`${PREFIX}|${person()}|`))) sessionStorage.removeItem(key);
  }
}

function bringBack(): void {
  let found = 0;
  for (const field of all<HTMLTextAreaElement>("form textarea")) {
    const kept = field.value === field.defaultValue ? sessionStorage.getItem(keyOf(field)) : null;
    if (!kept || kept === field.value) continue;
    field.value = kept;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (field.checkVisibility()) found += 1; // in a dialog that is shut they are found when it opens
  }
  if (!found) return;
  const said = t("没提交的文字已恢复；其他栏位没有保存，请再核对", "Words that were not sent are back; the other fields are not: look at them again");
  show({ tone: "blue", text: said });
}

export function startDrafts(): void {
  forget(person() === "");
  on("input", "form textarea", (field) => {
    const key = field instanceof HTMLTextAreaElement ? keyOf(field) : "";
    if (!(field instanceof HTMLTextAreaElement) || !key) return;
    if (field.value === field.defaultValue) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, field.value);
  });
  document.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement)) return;
    for (const field of all<HTMLTextAreaElement>("textarea", event.target)) sessionStorage.removeItem(keyOf(field));
  });
  document.addEventListener("htmx:afterSwap", bringBack);
  bringBack();
}
