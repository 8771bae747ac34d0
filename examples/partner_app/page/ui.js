// What all parts of the page share: finding elements, notices, and buttons that wait.
import { Notice } from "./api.js";

export const $ = (id) => document.getElementById(id);

export function element(name, text, more = {}) {
  return Object.assign(document.createElement(name), { textContent: text }, more);
}

export function show(id) {
  $(id).hidden = false;
  $(id).scrollIntoView();
  $(id).querySelector("input, select, button")?.focus();
}

// What a driver can do about a notice: the label of its button, and what it does. The other modules add theirs.
export const acts = { "another-station": ["Choose a station", () => show("places")] };

let told = "";

export function tell(notice) {
  const text = notice?.message ?? notice?.text ?? "";
  if (`${text}|${notice?.act}` === told) return; // or a screen reader would read it out again and again
  told = `${text}|${notice?.act}`;
  const [label, act] = acts[notice?.act] ?? [];
  $("notice").hidden = !notice;
  $("notice-text").textContent = text;
  $("notice-act").hidden = !act;
  $("notice-act").textContent = label ?? "";
  $("notice-act").onclick = act ? () => busy($("notice-act"), act) : null;
}

export function signedOut() {
  for (const part of document.querySelectorAll("main section, footer")) part.hidden = part.id !== "sign-in";
}

// While something is under way its button says so and cannot be pressed again.
export async function busy(button, work) {
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  try {
    tell(null);
    await work();
  } catch (trouble) {
    if (!(trouble instanceof Notice)) throw trouble;
    if (trouble.signedOut) signedOut();
    else tell(trouble);
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}

export function onSubmit(id, work) {
  $(id).addEventListener("submit", (event) => {
    event.preventDefault();
    busy(event.submitter, () => work(Object.fromEntries(new FormData(event.target))));
  });
}
