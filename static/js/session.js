"use strict";
/* Warns ten minutes before the session ends. The server says how many seconds are left, on the page
   and with each save; the clock of the machine may be wrong, so it is never asked what time it is. */
(() => {
  const told = document.getElementById("session");
  const warning = document.getElementById("session-warning");
  if (!told) return;
  const WARNED = 600;
  let ends = 0;
  const look = () => {
    const near = (ends - Date.now()) / 1000 < WARNED;
    if (near === Boolean(warning.firstChild)) return;
    const words = document.getElementById("session-words").content;
    warning.replaceChildren(...(near ? [words.cloneNode(true)] : []));
  };
  const learn = (left) => {
    if (left === null || left === "") return;
    ends = Date.now() + Number(left) * 1000;
    look();
  };
  learn(told.dataset.left);
  setInterval(look, 20000);
  document.addEventListener("htmx:afterRequest", (event) =>
    learn(event.detail.xhr.getResponseHeader("Session-Left"))
  );
  addEventListener("focus", async () => {
    if (!warning.firstChild) return;
    const asked = { method: "HEAD", redirect: "manual" };
    const answer = await fetch(told.querySelector("a").href, asked).catch(() => null);
    if (answer) learn(answer.headers.get("Session-Left"));
  });
})();
