"use strict";
/* Beside each long text: how many characters are left of the most it may have, once few are. The
   line below the field says the most without script; it is spoken politely, after a pause. */
(() => {
  const NEAR = 500;
  const words = document.querySelector("[data-left]");
  if (!words) return;
  const told = (most, length) => {
    const left = most - length;
    if (left > NEAR) return null;
    return (left < 0 ? words.dataset.over : words.dataset.left).replace("{n}", Math.abs(left));
  };
  for (const field of document.querySelectorAll("textarea[data-most]")) {
    const line = field.nextElementSibling;
    if (!line) continue;
    const rest = line.textContent;
    let pause = 0;
    line.setAttribute("aria-live", "polite");
    const count = () => {
      const now = told(Number(field.dataset.most), [...field.value].length) || rest;
      if (line.textContent !== now) line.textContent = now;
    };
    field.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(count, 500);
    });
    count();
  }
})();
