/* Traffic of the shop's own pages, to the shop's own server. No third party, no cookie, no name.
   <script src="…/c/collector.js" data-key="…" defer></script>; goods carry data-sku-id, and shop.collect(kind, {sku_id})
   tells of carts and orders. Nothing is sent where the visitor asked not to be followed (Do Not Track, Global Privacy
   Control), or, with data-consent="required", before the page says shopkeeperConsent(true). */
(() => {
  const script = document.currentScript;
  const address = new URL(script.dataset.key, script.src).href;
  const idleMs = 30 * 60 * 1000;
  const batchMost = 50;
  const consentKey = "sk_consent";
  const silent = () => navigator.doNotTrack === "1" || navigator.globalPrivacyControl === true;
  const allowed = () => !silent() && (script.dataset.consent !== "required" || read(consentKey) === "yes");
  const read = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const write = (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      /* a browser that keeps nothing has a new visitor on every page */
    }
  };
  const fresh = () => crypto.randomUUID();
  const shopDay = (at) => new Date(at + 8 * 3600 * 1000).toISOString().slice(0, 10);

  const visitor = () => {
    const known = read("sk_visitor") || fresh();
    write("sk_visitor", known);
    return known;
  };
  const session = (now) => {
    const [known, last] = (read("sk_session") || " 0").split(" ");
    const goesOn = known && now - Number(last) < idleMs && shopDay(now) === shopDay(Number(last));
    const id = goesOn ? known : fresh();
    write("sk_session", `${id} ${now}`);
    return id;
  };

  let waiting = [];
  let timer = 0;
  const add = (kind, more = {}) => {
    if (!allowed()) return;
    waiting.push({
      event_id: fresh(),
      kind,
      at: Date.now(),
      page: location.href.slice(0, 2000),
      referrer: document.referrer.slice(0, 2000),
      ...more,
    });
    if (waiting.length >= batchMost) send();
    else if (!timer) timer = setTimeout(send, 2000);
  };
  /* A batch that was not acknowledged is sent again as it was: its event ids make it count once. */
  const post = (body, tries) =>
    fetch(address, { method: "POST", body, keepalive: true, credentials: "omit" })
      .then((answer) => {
        if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
      })
      .catch(() => {
        if (tries < 5) setTimeout(() => post(body, tries + 1), 2000 * 2 ** tries);
      });
  const send = () => {
    clearTimeout(timer);
    timer = 0;
    if (!waiting.length || !allowed()) return;
    const now = Date.now();
    const events = waiting.splice(0, batchMost);
    post(JSON.stringify({ visitor: visitor(), session: session(now), sent_at: now, events }), 0);
    if (waiting.length) send();
  };

  const opened = Date.now();
  let told = false;
  const leave = () => {
    if (document.visibilityState !== "hidden" || told) return;
    told = true;
    add("view", { stay_ms: Math.min(Date.now() - opened, 6 * 3600 * 1000) });
    send();
  };
  const skuOf = (element) => {
    const id = Number(element.dataset.skuId);
    return Number.isSafeInteger(id) && id > 0 ? { sku_id: id } : {};
  };
  const watch = () => {
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        seen.unobserve(entry.target);
        add("exposure", skuOf(entry.target));
      }
    });
    for (const element of document.querySelectorAll("[data-sku-id]")) seen.observe(element);
  };
  document.addEventListener("click", (event) => {
    const goods = event.target.closest?.("[data-sku-id]");
    if (goods) add("click", skuOf(goods));
  });
  document.addEventListener("visibilitychange", leave);
  addEventListener("pagehide", leave);
  window.shopkeeperConsent = (given) => {
    write(consentKey, given ? "yes" : "no");
    if (!given) waiting = [];
  };
  window.shop = { ...window.shop, collect: add };
  watch();
})();
