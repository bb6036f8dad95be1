// "/" puts the cursor into the search field. Everything works without this.
"use strict";
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  const field = document.querySelector("[data-find]");
  if (event.key === "/" && !typing && field && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});

// Codes that a scanner types one after the other: each is sent by itself and answered in place,
// and the field keeps the focus. Without this the page comes anew for each.
const form = document.querySelector("form[data-scan]");
if (form) {
  const field = form.elements.code;
  let turn = Promise.resolve();
  const send = async (said) => {
    const answer = await fetch(form.action, { method: "POST", body: said });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("#scanned")) {
      location.assign("/console/scan");
      return;
    }
    document.querySelectorAll("main > .said").forEach((each) => each.remove());
    const main = document.querySelector("main");
    [...page.querySelectorAll("main > .said")].reverse().forEach((each) => main.prepend(each));
    document.querySelector("#scanned").replaceWith(page.querySelector("#scanned"));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = new URLSearchParams(new FormData(form));
    field.value = "";
    field.focus();
    turn = turn.then(() => send(said)).catch(() => location.assign("/console/scan"));
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("a, button, input")) field.focus();
  });
}
