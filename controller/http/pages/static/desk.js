// The officer's page: shows what the server tells, sends what is pressed with the number that was seen.

import { call } from "./api.js";

const desk = document.querySelector(".desk");
const words = JSON.parse(desk.dataset.words);
const at = (id) => document.getElementById(id);
const say = (key, values = {}) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[key]);
const buttons = [...document.querySelectorAll("[data-action]")];
const MORE = ["continue", "walk_in", "park", "hand_over", "finish"];
let shown = null;
let busy = false;
let linked = false;
let asked = null; // the open dialog, and the number that was in hand when it was opened

function drawHand(state) {
  const { counter, hand } = state;
  desk.dataset.status = counter.status;
  at("status").textContent = say(`status.${counter.status}`);
  at("reason").textContent = state.reason ? ` · ${state.reason}` : "";
  at("number").textContent = counter.number ?? "—";
  at("number").classList.toggle("none", counter.number === null);
  at("what").textContent = hand ? hand.service : counter.status === "open" ? say("nobody_in_hand") : "";
  at("priority").textContent = hand?.priority ?? "";
  at("priority").hidden = !hand?.priority;
  const recalled = counter.recall > 0 ? say("recalled", { count: counter.recall }) : "";
  const note = hand?.note ? `${say("note")}: ${hand.note}` : "";
  at("note").textContent = [recalled, note].filter(Boolean).join(" · ");
  at("note").hidden = !recalled && !note;
  drawWhy(counter.number, state.why);
}

function drawWhy(number, lines) {
  const why = at("why");
  if (why.dataset.number !== number) why.open = false;
  why.dataset.number = number;
  why.hidden = lines.length === 0;
  at("why-lines").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
}

function drawButtons() {
  const allowed = shown?.allowed ?? [];
  for (const button of buttons) {
    const name = button.dataset.action;
    button.disabled = busy || !linked || !allowed.includes(name);
  }
  at("more").disabled = busy || !linked || !MORE.some((name) => allowed.includes(name));
  for (const [one, other] of [["open", "close"], ["resume", "pause"]]) {
    const first = document.querySelector(`[data-action=${one}]`);
    const second = document.querySelector(`[data-action=${other}]`);
    first.hidden = !allowed.includes(one);
    second.hidden = !first.hidden;
  }
  for (const button of document.querySelectorAll(".people button")) {
    button.disabled = busy || !linked || !allowed.includes(button.dataset.does);
  }
}

function person(row, status) {
  const item = at("person").content.firstElementChild.cloneNode(true);
  item.querySelector("b").textContent = row.number;
  const of = item.querySelector(".of");
  of.textContent = row.service;
  if (row.priority) {
    const why = document.createElement("strong");
    why.textContent = row.priority;
    of.prepend(why);
  }
  item.classList.toggle("priority", Boolean(row.priority));
  const wait = item.querySelector(".wait");
  wait.textContent = say("minutes", { count: row.minutes });
  wait.classList.toggle("late", row.late);
  if (row.late) wait.title = say("late");
  const give = item.querySelector(".give");
  give.hidden = false;
  give.dataset.does = "call";
  give.addEventListener("click", () => askCall(row.number));
  const back = item.querySelector(".back");
  back.hidden = status === "waiting";
  back.dataset.does = "return";
  back.addEventListener("click", () => act("return", { number: row.number }));
  return item;
}

function drawLists(lists) {
  for (const [status, list] of Object.entries(lists)) {
    at(`count-${status}`).textContent = list.count;
    const rows = list.rows.map((row) => person(row, status));
    if (rows.length === 0) {
      const none = document.createElement("li");
      none.className = "none";
      none.textContent = say("nobody");
      rows.push(none);
    }
    at(`list-${status}`).replaceChildren(...rows);
  }
}

function drawTroubles(troubles) {
  at("troubles").textContent = troubles.join(" · ");
  at("troubles").hidden = troubles.length === 0;
}

function draw(state) {
  shown = state;
  if (asked && asked.seen !== state.counter.number) withdraw();
  drawTroubles(state.troubles);
  drawHand(state);
  drawLists(state.lists);
  drawButtons();
}

function tell(text) {
  at("told").textContent = text;
}

// `seen` is the number in hand as the officer saw it: the server does nothing when another one is there by now.
async function act(action, more = {}, seen = shown?.counter.number) {
  if (busy || !shown) return;
  busy = true;
  drawButtons();
  tell("");
  const body = { for: seen, ...more };
  const answer = await call("POST", `/api/v1/counters/${desk.dataset.counter}/${action}`, body, desk.dataset.csrf);
  busy = false;
  if (answer.status === 401) location.reload();
  if (!answer.ok) tell(shown.counter.number === seen ? (answer.body?.title ?? say("offline")) : changed());
  drawButtons();
}

function changed() {
  const { number } = shown.counter;
  return number === null ? say("changed_to_none") : say("changed", { number });
}

// ---- dialogs: each acts on the number that was in hand when it was opened, or on nothing ----

// Resolves to { chosen, seen }, or to null when nothing was chosen.
function ask(dialog) {
  dialog.returnValue = "";
  const { number: seen } = shown.counter;
  asked = { dialog, seen };
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => {
    asked = null;
    done(dialog.returnValue ? { chosen: dialog.returnValue, seen } : null);
  }, { once: true }));
}

// Closes a dialog whose number is no longer in hand, and says that nothing was done.
function withdraw() {
  asked.dialog.close("");
  tell(changed());
}

function entitle(dialog, number) {
  const title = dialog.querySelector("h2");
  title.textContent = title.dataset.words.replace("#", number);
}

async function askPause() {
  const answer = await ask(at("dialog-pause"));
  if (answer) act("pause", { reason: answer.chosen }, answer.seen);
}

async function askTransfer() {
  const dialog = at("dialog-transfer");
  entitle(dialog, shown.counter.number);
  const note = at("transfer-note");
  for (const field of [...PLACES, note]) field.value = "";
  const answer = await ask(dialog);
  const place = PLACES.find((field) => field.value);
  if (!answer || !place) return;
  const where = { [place.id.replace("to-", "")]: place.value };
  act("transfer", note.value ? { ...where, note: note.value } : where, answer.seen);
}

async function askCall(number) {
  const dialog = at("dialog-call");
  entitle(dialog, number);
  at("call-reason").value = "";
  const answer = await ask(dialog);
  if (answer) act("call", { number, reason: at("call-reason").value }, answer.seen);
}

async function askMore() {
  const dialog = at("dialog-more");
  entitle(dialog, shown.counter.number ?? "—");
  for (const button of dialog.querySelectorAll("button[value]:not([value=''])")) {
    const nobody = button.value === "hand_over" && !at("more-officer").value;
    button.disabled = nobody || !shown.allowed.includes(button.value);
  }
  at("more-quantity").value = 1;
  if (at("more-outcome")) at("more-outcome").value = "";
  const answer = await ask(dialog);
  if (answer) act(answer.chosen, details(answer.chosen), answer.seen);
}

function details(action) {
  if (action === "park") return { minutes: Number(at("more-minutes").value) };
  if (action === "hand_over") return { officer: at("more-officer").value };
  if (action !== "finish") return { service: at("more-service").value };
  const outcome = at("more-outcome")?.value;
  return { quantity: Number(at("more-quantity").value), ...(outcome ? { outcome } : {}) };
}

// One place at most: choosing one clears the others.
const PLACES = ["to-service", "to-counter", "to-officer"].map(at);
for (const place of PLACES) {
  place.addEventListener("change", () => { for (const other of PLACES) if (other !== place) other.value = ""; });
}

at("more").addEventListener("click", askMore);

const ASKS = { pause: askPause, transfer: askTransfer };
const press = (name) => (ASKS[name] ?? (() => act(name)))();

for (const button of buttons) button.addEventListener("click", () => press(button.dataset.action));

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, dialog");
  if (typing || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  const key = event.key.toUpperCase();
  const button = [...buttons, at("more")].find((one) => one.dataset.key === key && !one.disabled && !one.hidden);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// ---- the stream ----

function link(there) {
  linked = there;
  at("offline").hidden = there;
  drawButtons();
}

const source = new EventSource(`/desk/${desk.dataset.counter}/stream`);
source.addEventListener("state", (event) => { draw(JSON.parse(event.data)); link(true); });
source.addEventListener("over", () => { source.close(); location.reload(); });
source.addEventListener("error", () => link(false));
source.addEventListener("open", () => { if (shown) link(true); });
drawButtons();
