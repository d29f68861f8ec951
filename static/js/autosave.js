"use strict";
/* Saves an answer while it is written. htmx sends the form on a pause and when a field is left;
   this file says when there is anything to send, what to do when it was not taken, and keeps a
   page from being left with words that are saved nowhere. Without it the Save button does all. */
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form || !window.htmx) return;
  const line = document.getElementById("saved");
  const waiting = form.querySelector("[data-unsaved]");
  const typed = () => {
    const fields = [...new FormData(form)];
    const ours = fields.filter(([name]) => !["csrfmiddlewaretoken", "base_version"].includes(name));
    return new URLSearchParams(ours).toString();
  };
  let saved = form.dataset.autosave === "saved" ? typed() : null; // the words that the server has
  let sent = null; // the words of the request that is under way
  let then = null; // what waits for its end
  let tried = null; // the link or form that was pressed while words could not be saved
  let stopped = false, leaving = false, failing = false, pauses = 0, timer = 0;
  const unsaved = () => typed() !== saved;
  const send = () => htmx.trigger(form, "autosave");
  const say = (words) => {
    const said = document.createElement("strong");
    said.textContent = words;
    line.replaceChildren(said);
  };
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(send, Math.min(60, 5 * 2 ** pauses++) * 1000);
  };
  const renew = (name, value) =>
    document.querySelectorAll(`input[name="${name}"]`).forEach((field) => (field.value = value));

  const follow = (go, tries = 1) => {
    then = () => {
      if (!unsaved()) go();
      else if (tries) follow(go, tries - 1); // more was typed while the last save was under way
    };
    if (sent === null) send();
  };
  const signed = (stands) => {
    document.querySelectorAll("[data-signed]").forEach((told) => (told.hidden = !stands));
    document.querySelectorAll("[data-sign]").forEach((asked) => (asked.hidden = stands));
  };
  const taken = () => {
    saved = sent;
    tried = null;
    failing = false;
    pauses = 0;
    const version = line.querySelector("[data-version]");
    if (!version) return;
    renew("base_version", version.dataset.version);
    signed(version.hasAttribute("data-no-change"));
  };
  const refused = (xhr) => {
    const part = xhr.getResponseHeader("HX-Reswap");
    const token = part && line.querySelector('input[name="csrfmiddlewaretoken"]');
    const first = !failing;
    failing = xhr.status !== 400;
    stopped = Boolean(line.querySelector("[data-stop]"));
    if (token) {
      renew("csrfmiddlewaretoken", token.value);
      if (first) setTimeout(send);
    } else if (!xhr.status || xhr.status >= 500 || xhr.status === 429) {
      say(xhr.status ? form.dataset.failed : form.dataset.away);
      again();
    } else if (!part) {
      say(form.dataset.refused);
    }
  };

  form.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt !== form) return; // htmx would send the button pressed last with it
    form.querySelectorAll("button[name]").forEach(({ name }) => event.detail.formData.delete(name));
  });
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== form) return;
    const to = event.detail.requestConfig.triggeringEvent?.relatedTarget;
    const pressing = to?.form === form && to.type === "submit"; // a button that sends all anyway
    if (stopped || leaving || pressing || !unsaved()) event.preventDefault();
    else sent = typed();
  });
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== line) return;
    event.detail.shouldSwap = Boolean(event.detail.xhr.getResponseHeader("HX-Reswap"));
    event.detail.isError = false;
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form || sent === null) return;
    const { xhr } = event.detail;
    if (xhr.status === 200 && xhr.getResponseHeader("HX-Reswap")) taken();
    else refused(xhr);
    sent = null;
    waiting.hidden = !unsaved();
    const next = then;
    then = null;
    if (next) next();
  });
  form.addEventListener("htmx:afterSettle", (event) => event.detail.target !== line && send());
  form.addEventListener("input", () => (waiting.hidden = !unsaved()));
  form.addEventListener("submit", (event) => {
    if (sent === null) return void (leaving = true);
    event.preventDefault(); // the save under way would make this one look like somebody else's
    then = () => form.requestSubmit(event.submitter);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!link || elsewhere || link.target || link.getAttribute("href").startsWith("#")) return;
    if (stopped || tried === link || !unsaved()) return;
    event.preventDefault();
    tried = link;
    follow(() => location.assign(link.href));
  });
  document.addEventListener("submit", (event) => {
    const other = event.target;
    if (!other.matches("[data-sign]") || stopped || (sent === null && !unsaved())) return;
    if (sent === null && tried === other) return;
    event.preventDefault(); // signed is what was read, with what was typed since saved first
    tried = other;
    follow(() => other.submit());
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && unsaved()) event.preventDefault();
  });
  addEventListener("pagehide", () => {
    if (stopped || leaving || !unsaved()) return;
    const body = new URLSearchParams(new FormData(form));
    const headers = { "HX-Request": "true" };
    fetch(form.action, { method: "POST", body, headers, keepalive: true }).catch(() => {});
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted && !unsaved()) location.reload(); // it may have been saved since
  });
  document.addEventListener("visibilitychange", () => document.hidden && send());
  for (const name of ["focus", "online"]) addEventListener(name, () => failing && send());
})();
