// The desk of customer service: queue, conversation, context; live, by keyboard, nothing said twice or lost.
import { Outbox, post, type Refusal, type Sent, wordsOf } from "./chat/outbox";
import { Stream } from "./chat/stream";
import { Lines } from "./desk/lines";
import { QueueList } from "./desk/queue_list";
import { makeRing } from "./desk/ring";
import type { Notice, Queue, Suggestions, Talk, TalkAnswer } from "./desk/shapes";
import { type Chosen, Suggest } from "./desk/suggest";
import { setBusinessNow } from "./lib/clock";
import { all, announce, csrf, make, on, one, typing } from "./lib/dom";
import { draftOf, keepDraft } from "./lib/drafts";
import { openDialog } from "./lib/menus";
import { show as toast } from "./lib/toasts";
import { t } from "./lib/words";
import { play } from "./station/sound";

const HEARTBEAT_MS = 5_000;
const ATTENDING_MS = 25_000;
const LOOK_EVERY_MS = 15_000;

class Desk {
  private talk: Talk | null = null;
  private whose = "mine";
  private agent: string;
  private known = new Set<number>();
  private attending = new Map<number, { name: string; doing: string; until: number }>();
  private beat = 0;
  private looking = 0;
  private readonly doors: DOMStringMap = must("[data-doors]").dataset;
  private readonly queue: QueueList;
  private readonly lines: Lines;
  private readonly suggest: Suggest;
  private readonly outbox: Outbox;
  private readonly stream: Stream;

  constructor(
    private readonly root: HTMLElement,
    private readonly field: HTMLTextAreaElement,
  ) {
    this.agent = this.doors["agent"] ?? "";
    this.queue = new QueueList(must("[data-list]"), (id) => void this.open(id));
    this.lines = new Lines(must("[data-lines]"), (id) => `${this.address(this.talk?.id ?? 0)}pictures/${id}/`, (id) => void this.resend(id));
    this.suggest = new Suggest(must("[data-suggest]"), field, (text) => this.suggestions(text), (chosen) => this.chosen(chosen));
    this.outbox = new Outbox("sk-desk-out", (line) => this.send(line), {
      sent: (line) => line.to === String(this.talk?.id) && void this.refresh(),
      refused: (line, refusal) => this.refused(line.client_id, refusal),
      waiting: (count, offline) => (must("[data-outbox]").textContent = offline ? t("网络断开，{n} 条待发送", "Offline, {n} waiting", { n: count }) : ""),
    });
    this.stream = new Stream(() => this.live(), { heard: (data) => this.heard(JSON.parse(data) as Notice), state: (up) => up && this.caughtUp() });
  }

  start(): void {
    const asked = new URLSearchParams(location.search);
    if (asked.get("whose") === "all" && one("[data-whose=all]")) this.choose("all");
    this.stream.open();
    void this.look();
    void this.outbox.work();
    window.setInterval(() => void this.look(), LOOK_EVERY_MS); // should a notice ever be missed
    window.setInterval(() => this.showAttending(), 1_000);
    window.addEventListener("pagehide", () => this.stream.close());
    window.addEventListener("pageshow", (event) => event.persisted && this.stream.open());
    window.addEventListener("popstate", () => {
      const id = Number(new URLSearchParams(location.search).get("open"));
      if (id) void this.open(id, false);
      else this.leave();
    });
    this.listen();
    const first = Number(asked.get("open"));
    if (first) void this.open(first, false);
  }

  private address(id: number): string {
    return `${this.doors["talks"]}${id}/`;
  }

  private live(): string {
    const shell = document.querySelector<HTMLMetaElement>('meta[name="sk-live"]')?.content ?? "";
    const token = new URL(shell, location.href).searchParams.get("token");
    if (!token) return "";
    const mine = this.agent && this.whose === "mine" ? `&agent=${this.agent}` : "";
    const foreign = this.talk && !this.talk.is_mine ? `&talk=${this.talk.id}` : "";
    return `/live/desk?token=${encodeURIComponent(token)}${mine}${foreign}`;
  }

  private heard(notice: Notice): void {
    if (notice.doing && notice.topic !== null) {
      if (notice.person === Number(this.doors["person"]) || notice.topic !== this.talk?.id) return;
      const before = this.attending.get(notice.person ?? 0);
      if (notice.doing === "looking" && before?.doing === "replying" && before.until > Date.now()) return; // overtaken on the way
      this.attending.set(notice.person ?? 0, { name: notice.name ?? "", doing: notice.doing, until: Date.now() + ATTENDING_MS });
      this.showAttending();
      return;
    }
    this.lookSoon(40);
    if (notice.topic === null || notice.topic === this.talk?.id) void this.refresh();
  }

  /** The stream is there (again): what was missed is looked up. */
  private caughtUp(): void {
    this.lookSoon(0);
    void this.refresh();
  }

  private lookSoon(ms: number): void {
    window.clearTimeout(this.looking);
    this.looking = window.setTimeout(() => void this.look(), ms);
  }

  private async look(): Promise<void> {
    const found = await ask<Queue>(`${this.doors["queue"]}?whose=${this.whose}`);
    if (!found) return;
    setBusinessNow(found.now);
    this.queue.show(found.items);
    must("[data-share]").textContent = found.share === null ? "–" : `${found.share}%`;
    must("[data-count-mine]").textContent = found.items.length ? String(found.items.length) : "";
    const fresh = found.items.filter((item) => item.waits && (item.is_mine || item.state === "queued"));
    if (fresh.some((item) => !this.known.has(item.id * 100_000 + item.sequence)) && this.known.size + fresh.length > 0) {
      if (fresh.some((item) => !this.known.has(item.id * 100_000 + item.sequence) && item.last_sender !== "agent")) play("warn");
    }
    for (const item of fresh) this.known.add(item.id * 100_000 + item.sequence);
    const me = found.me ? String(found.me.id) : "";
    if (me !== this.agent) {
      this.agent = me;
      this.stream.open();
    }
  }

  private async open(id: number, push = true): Promise<void> {
    const found = await ask<TalkAnswer>(this.address(id));
    if (!found) {
      toast({ tone: "red", text: t("没有找到这个会话", "No such conversation") });
      return;
    }
    const heardBefore = this.talk?.is_mine ?? true;
    this.talk = found.talk;
    this.field.value = draftOf(`talk ${id}`);
    this.suggest.close();
    if (!found.talk.is_mine || !heardBefore) this.stream.open(); // a colleague's conversation is heard of only when asked for
    this.attending.clear();
    this.lines.clear();
    this.root.dataset["pane"] = "talk";
    for (const part of ["[data-talk-head]", "[data-lines]"]) must(part).hidden = false;
    must("[data-none]").hidden = true;
    this.show(found);
    this.lines.toEnd();
    this.queue.setOpen(id);
    if (push) history.pushState({ opened: true }, "", `?${this.whose === "all" ? "whose=all&" : ""}open=${id}`);
    for (const line of this.outbox.pending) if (line.to === String(id)) this.lines.expect(line.client_id, line.text, line.picture_id ?? null);
    if (found.talk.may_write && !matchMedia("(max-width: 760px)").matches) this.field.focus();
    void this.attend("looking");
    await this.showContext(id);
  }

  /** Back to the queue: the conversation is closed on the screen, and the address names none. */
  private leave(): void {
    this.talk = null;
    this.attending.clear();
    this.showAttending();
    this.lines.clear();
    this.root.dataset["pane"] = "queue";
    for (const part of ["[data-talk-head]", "[data-lines]", "[data-composer]", "[data-over]"]) must(part).hidden = true;
    must("[data-none]").hidden = false;
    must("[data-context]").replaceChildren();
    this.queue.setOpen(0);
  }

  /** The arrow does what the browser's own Back does, where the queue stands behind it. */
  private back(): void {
    if ((history.state as { opened?: boolean } | null)?.opened) return history.back();
    history.replaceState(null, "", this.whose === "all" ? "?whose=all" : location.pathname);
    this.leave();
  }

  private async showContext(id: number): Promise<void> {
    const answer = await fetch(`${this.address(id)}context/`, { headers: { "HX-Request": "true" } });
    const place = must("[data-context]");
    if (!answer.ok || this.talk?.id !== id) return;
    place.innerHTML = await answer.text(); // our own server's fragment, escaped there
    window.htmx?.process(place);
  }

  private async refresh(): Promise<void> {
    const id = this.talk?.id;
    if (!id) return;
    const found = await ask<TalkAnswer>(`${this.address(id)}?after=${this.lines.last}`);
    if (!found || this.talk?.id !== id) return;
    const before = this.talk.state;
    this.talk = found.talk;
    const spoke = new Set(found.lines.filter((line) => line.sender === "agent").map((line) => line.person));
    for (const [person, seen] of this.attending) if (spoke.has(seen.name)) this.attending.delete(person);
    this.show(found);
    if (found.talk.state !== before) await this.showContext(id); // its ticket may have ended with it
  }

  private show(found: TalkAnswer): void {
    const { talk } = found;
    this.lines.add(found.lines);
    this.lines.deliveries(found.undelivered);
    must("[data-contact]").textContent = talk.contact;
    const first = talk.waited_s === null ? "" : t("首次回复 {n}", "First word after {n}", { n: lasted(talk.waited_s) }) + (talk.is_late ? t("（超时）", " (late)") : "");
    must("[data-talk-meta]").textContent = [talk.number, talk.channel_text, talk.state_text, talk.agent, first].filter(Boolean).join(" · ");
    makeRing(must("[data-talk-ring]"), { waits: talk.open_since !== null, since: talk.replied_at ? talk.open_since : talk.waiting_from, until: talk.replied_at ? null : talk.due_at });
    must("[data-composer]").hidden = !talk.may_write;
    must("[data-over]").hidden = talk.is_open;
    if (!talk.is_open) this.keep("");
    must("[data-over-ticket]").hidden = talk.ticket_id === null;
    must<HTMLAnchorElement>("[data-over-ticket]").href = `${this.doors["tickets"]}${talk.ticket_id}/`;
    const supervisor = this.doors["supervisor"] !== undefined;
    must("[data-take-call]").hidden = !talk.rings || this.doors["writer"] === undefined;
    must("[data-take-over]").hidden = !(supervisor && talk.is_open && !talk.is_mine);
    for (const part of ["[data-hand-over]", "[data-end]"]) must(part).hidden = !talk.is_open || this.doors["writer"] === undefined;
  }

  private send(line: { client_id: string; to: string; text: string; picture_id?: number; sku_id?: number }): Promise<Sent> {
    const body = { client_id: line.client_id, text: line.text, picture_id: line.picture_id, sku_id: line.sku_id };
    return post(`${this.address(Number(line.to))}say/`, body, { "X-CSRFToken": csrf() });
  }

  private refused(key: string, refusal: Refusal): void {
    const words = refusal.words || t("没有发送（{s}）", "Not sent ({s})", { s: refusal.status });
    this.lines.refused(key, words);
    toast({ tone: "red", text: t("消息没有发送", "The line was not sent"), details: [words] });
  }

  private say(text: string, more: { picture_id?: number; sku_id?: number } = {}): void {
    if (!this.talk || (!text.trim() && !more.picture_id && !more.sku_id)) return;
    const line = this.outbox.add({ to: String(this.talk.id), text: text.trim(), ...more });
    this.lines.expect(line.client_id, text.trim() || (more.sku_id ? t("[商品卡]", "[Product]") : ""), more.picture_id ?? null);
    this.beat = 0;
  }

  private async act(part: string, body: unknown, done: string): Promise<boolean> {
    if (!this.talk) return false;
    const sent = await post(`${this.address(this.talk.id)}${part}/`, body, { "X-CSRFToken": csrf() });
    if (sent?.ok) toast({ tone: "green", text: done });
    else toast({ tone: "red", text: sent?.refusal.words || t("没有办成，请再试一次", "That did not work, try again") });
    await Promise.all([this.look(), this.refresh()]);
    return Boolean(sent?.ok);
  }

  private async resend(id: number): Promise<void> {
    const sent = await post(`${this.doors["messages"]}${id}/resend/`, {}, { "X-CSRFToken": csrf() });
    if (sent && !sent.ok) toast({ tone: "red", text: sent.refusal.words });
    await this.refresh();
  }

  private async attend(doing: string): Promise<void> {
    if (!this.talk || this.doors["writer"] === undefined) return;
    await post(`${this.address(this.talk.id)}attend/`, { doing }, { "X-CSRFToken": csrf() });
  }

  private showAttending(): void {
    const now = Date.now();
    for (const [person, seen] of this.attending) if (seen.until < now) this.attending.delete(person);
    const place = must("[data-attending]");
    const replying = [...this.attending.values()].filter((seen) => seen.doing === "replying");
    const here = replying.length ? replying : [...this.attending.values()];
    place.hidden = !here.length;
    const names = here.map((seen) => seen.name).join("、");
    if (here.length) place.textContent = replying.length ? t("{names} 正在回复", "{names} is replying", { names }) : t("{names} 也在看", "{names} is looking too", { names });
  }

  private suggestions(text: string): Promise<Suggestions | null> {
    return this.talk ? ask<Suggestions>(`${this.address(this.talk.id)}sayings/?q=${encodeURIComponent(text)}`) : Promise.resolve(null);
  }

  /** What is typed and not sent waits for its conversation; a search for canned replies is no reply. */
  private keep(text: string): void {
    if (this.talk) keepDraft(`talk ${this.talk.id}`, text.startsWith("/") ? "" : text);
  }

  private chosen(chosen: Chosen): void {
    if (chosen.sku_id) {
      this.field.value = "";
      this.say("", { sku_id: chosen.sku_id });
    } else if (chosen.text) this.field.value = chosen.text;
    this.keep(this.field.value);
    this.field.focus();
  }

  private typed(): void {
    const text = this.field.value;
    this.keep(text);
    if (text.startsWith("/")) void this.suggest.ask(text.slice(1).trim());
    else if (this.suggest.isOpen) this.suggest.close();
    if (text && this.talk && Date.now() - this.beat > HEARTBEAT_MS) {
      this.beat = Date.now();
      void this.attend("replying");
    }
  }

  private async picture(file: File): Promise<void> {
    if (!this.talk) return;
    const form = new FormData();
    form.append("file", file, "picture");
    const answer = await fetch(`${this.address(this.talk.id)}pictures/`, { method: "POST", headers: { "X-CSRFToken": csrf(), Accept: "application/json" }, body: form }).catch(() => null);
    const body = ((await answer?.json().catch(() => ({}))) ?? {}) as Record<string, unknown>;
    if (answer?.ok) this.say("", { picture_id: Number(body["picture_id"]) });
    else toast({ tone: "red", text: t("图片没有发送", "The picture was not sent"), details: [wordsOf(body)].filter(Boolean) });
  }

  private async handOver(): Promise<void> {
    if (must("[data-hand-over]").hidden) return;
    const found = await ask<{ colleagues: { id: number; name: string; load: number; capacity: number; presence_text: string }[] }>(this.doors["colleagues"] ?? "");
    const place = must("[data-colleague-list]");
    const dialog = must<HTMLDialogElement>("#hand-over");
    const choice = (text: string, agent: number | null): HTMLButtonElement => {
      const button = make("button", "btn", text);
      button.type = "button";
      button.addEventListener("click", () => {
        dialog.close();
        void this.act("hand-over", { agent_id: agent }, t("已转接", "Handed over"));
      });
      return button;
    };
    const rows = (found?.colleagues ?? []).map((c) => choice(`${c.name} · ${c.presence_text} · ${c.load}/${c.capacity}`, c.id));
    place.replaceChildren(...rows, choice(t("退回排队", "Back in the queue"), null));
    openDialog(dialog);
  }

  private choose(whose: string): void {
    this.whose = whose;
    for (const tab of all("[data-whose]")) tab.setAttribute("aria-pressed", String(tab.dataset["whose"] === whose));
  }

  private async presence(choice: HTMLSelectElement): Promise<void> {
    const sent = await post(this.doors["presence"] ?? "", { presence: choice.value }, { "X-CSRFToken": csrf() });
    if (sent?.ok) {
      one("option[value='']", choice)?.remove();
      must("[data-on-duty-hint]").hidden = true;
      announce(t("状态已切换", "Presence set"));
    } else toast({ tone: "red", text: sent?.refusal.words || t("状态没有切换", "Presence was not set") });
    await this.look();
  }

  private listen(): void {
    const composer = must<HTMLFormElement>("[data-composer]");
    composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say(this.field.value);
      this.field.value = "";
      this.keep("");
      this.suggest.close();
    });
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => {
      if (event.isComposing || this.suggest.key(event)) return;
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        composer.requestSubmit();
      } else if (event.key === "Escape") this.field.blur();
    });
    const file = must<HTMLInputElement>("[data-file]");
    on("click", "[data-picture]", () => file.click());
    file.addEventListener("change", () => {
      const chosen = file.files?.[0];
      if (chosen) void this.picture(chosen);
      file.value = "";
    });
    on("click", "[data-canned]", () => {
      this.field.value = "/";
      this.field.focus();
      this.typed();
    });
    on("click", "[data-whose]", (tab) => {
      this.choose(tab.dataset["whose"] ?? "mine");
      this.stream.open();
      void this.look();
    });
    on("click", "[data-back]", () => this.back());
    on("click", "[data-show-context]", () => (this.root.dataset["pane"] = "context"));
    on("click", "[data-hide-context]", () => (this.root.dataset["pane"] = "talk"));
    on("click", "[data-take-call]", () => void this.act("take-call", {}, t("来电已接听", "You have taken the call")));
    on("click", "[data-take-over]", () => void this.act("take-over", {}, t("会话已接管", "You have it now")));
    on("click", "[data-hand-over]", () => void this.handOver());
    on("click", "[data-end]", () => {
      const lacking = one<HTMLElement>("[data-lacks-change]")?.dataset["lacksChange"] ?? "";
      must("[data-lacks-warning]").hidden = !lacking;
      if (lacking) must<HTMLAnchorElement>("[data-lacks-link]").href = lacking;
      openDialog(must<HTMLDialogElement>("#end-talk"));
    });
    on("click", "[data-ending]", (button) => {
      must<HTMLDialogElement>("#end-talk").close();
      const resolves = must<HTMLInputElement>("[data-resolves]").checked;
      void this.act("end", { ending: button.dataset["ending"], resolves_ticket: resolves }, t("会话已结束", "Ended"));
    });
    must<HTMLSelectElement>("[data-presence-choice]").addEventListener("change", (event) => void this.presence(event.target as HTMLSelectElement));
    document.addEventListener("keydown", (event) => this.key(event));
  }

  private key(event: KeyboardEvent): void {
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    if (event.key === "j" || event.key === "ArrowDown") this.queue.move(1);
    else if (event.key === "k" || event.key === "ArrowUp") this.queue.move(-1);
    else if (event.key === "Enter" && !(event.target instanceof HTMLElement && event.target.closest("button, a"))) this.queue.openChosen();
    else if (event.key === "r" && !must("[data-composer]").hidden) this.field.focus();
    else if (event.key === "/" && !must("[data-composer]").hidden) {
      this.field.value = "/";
      this.field.focus();
      this.typed();
    } else if (event.key === "t") void this.handOver();
    else if (event.key === "Escape") this.root.dataset["pane"] = "queue";
    else return;
    event.preventDefault();
  }
}

/** Seconds to a decimal while they matter, then minutes, then hours. */
function lasted(seconds: number): string {
  if (seconds <= 90) return t("{n} 秒", "{n} s", { n: seconds.toFixed(1) });
  if (seconds < 5_400) return t("{n} 分钟", "{n} min", { n: Math.round(seconds / 60) });
  return t("{n} 小时", "{n} h", { n: (seconds / 3_600).toFixed(1) });
}

function must<T extends HTMLElement = HTMLElement>(selector: string): T {
  const found = one<T>(selector);
  if (!found) throw new Error(`the desk lacks ${selector}`);
  return found;
}

async function ask<T>(url: string): Promise<T | null> {
  const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.status === 401) location.reload(); // signed out meanwhile
  return answer?.ok ? ((await answer.json()) as T) : null;
}

const root = one("[data-desk]");
const field = one<HTMLTextAreaElement>("[data-say]");
if (root && field) new Desk(root, field).start();
