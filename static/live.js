// The live room: hears of changes, fetches the page's changing parts, counts down, says what happened.
// Bids never pass through here; without this file the page works by being loaded again.
import { hearTime, serverNow, spoken } from "./live-clock.js";
import * as connection from "./live-connection.js";
import { announce, follow } from "./live-voice.js";

const POLL = 5000, SILENCE = 40000, STALE = 10000, MARKS = [600, 300, 60];
const room = document.getElementById("room");
const standing = () => document.getElementById("live-standing").dataset;
const watching = () => ["stranger", "watching"].includes(standing().mine);
const ended = () => ["sold", "unsold", "cancelled"].includes(standing().stage);
let source, polling, heard = performance.now(), known = null, knownSequence = 0;
let fetching = false, again = false, lastLeft = 0, askedAt = -POLL, timers = [];

const markedWhole = (field) => Boolean(field.value) && field.selectionStart === 0 && field.selectionEnd === field.value.length;

// A field that was marked whole, to be typed over, is so again: otherwise the next key would add to the new amount.
const refocus = (id, marked) => {
  const fresh = document.getElementById(id);
  fresh?.focus({ preventScroll: true });
  if (marked) fresh?.select?.();
};

// A part takes the place of the old one; what was typed stays, and so does the focus.
const put = (part) => {
  const old = document.getElementById(part.id);
  if (!old || (part.dataset.basis && part.dataset.basis === old.dataset.basis)) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const marked = focused && markedWhole(focused);
  const typed = [...old.querySelectorAll("[data-amount]")].filter((field) => field.value !== field.defaultValue);
  old.replaceWith(part);
  for (const field of typed) {
    const fresh = document.getElementById(field.id);
    if (fresh) fresh.value = field.value;
  }
  if (focused?.id) refocus(focused.id, marked);
};

const show = (html) => {
  const before = standing().mine;
  const parts = new DOMParser().parseFromString(html, "text/html").querySelectorAll("section[id]");
  for (const part of parts) put(document.adoptNode(part));
  hearTime(standing().serverNow);
  connection.updated();
  tick();
  follow(before, standing().mine);
  announce(document.querySelector("[data-announce]").textContent.trim());
  document.dispatchEvent(new CustomEvent("room-changed"));
  if (ended()) stop();
};

// One fetch at a time; what changes meanwhile is fetched once after it.
const refresh = async () => {
  again = fetching;
  if (fetching) return;
  fetching = true;
  try {
    const answer = await fetch(room.dataset.fragment, { headers: { Accept: "text/html" } });
    if (answer.ok) show(await answer.text());
  } catch {
    connection.show("lost");
  }
  fetching = false;
  if (again) refresh();
};

// Those who only watch fetch a little later and not all together: bids come first.
const hear = (fresh) => {
  heard = performance.now();
  hearTime(fresh.server_now);
  connection.updated();
  const state = JSON.stringify({ ...fresh, server_now: null });
  const asLoaded = known === null && standing().stage === fresh.stage && Number(standing().sequence) === fresh.sequence;
  const news = state !== known && !asLoaded;
  [known, knownSequence] = [state, fresh.sequence];
  if (news) setTimeout(refresh, watching() ? Math.random() * 1000 : 0);
};

// Where the stream is open but what it says may be old, the answer to a question says what is true.
const ask = async () => {
  const answer = await fetch(room.dataset.state, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  hear(await answer.json());
};

const poll = async () => {
  try {
    await ask();
    if (polling) connection.show("polling");
  } catch {
    connection.show("lost");
  }
};

const startPolling = () => {
  if (polling) return;
  polling = setInterval(poll, POLL);
  poll();
};

// A heartbeat proves that the line stands; its sequence, and when the server last looked, that the price is no old one.
const beat = (data) => {
  hearTime(data.server_now);
  const looked = data.as_of ? Date.parse(data.server_now) - Date.parse(data.as_of) : 0;
  if (data.sequence !== knownSequence || looked > STALE) ask().catch(startPolling);
  else { heard = performance.now(); connection.updated(); }
};

// The browser resumes a stream that ended; one that was refused (503) is asked for again while we poll.
const connect = () => {
  source?.close();
  source = new EventSource(room.dataset.events);
  source.onopen = () => { polling = clearInterval(polling); connection.show("live"); };
  source.addEventListener("state", (event) => hear(JSON.parse(event.data)));
  source.addEventListener("heartbeat", (event) => beat(JSON.parse(event.data)));
  source.onerror = () => {
    if (ended()) return;
    if (source.readyState === EventSource.CLOSED) return startPolling();
    if (!polling) connection.show("reconnecting");
    setTimeout(() => source.readyState === EventSource.OPEN || ended() || startPolling(), 3000);
  };
};

const watchOver = () => {
  const silent = performance.now() - heard > SILENCE;
  if (!document.hidden && (source.readyState === EventSource.CLOSED || silent)) connect();
};

const tick = () => {
  const clock = document.querySelector("[data-countdown]");
  if (!clock) return;
  const left = Math.ceil((Date.parse(clock.dataset.countdown) - serverNow()) / 1000);
  const words = left <= 0 ? clock.dataset.passed : spoken(left, clock.dataset.day);
  if (clock.textContent !== words) clock.textContent = words;
  if (MARKS.some((mark) => lastLeft > mark && left <= mark)) announce(`${clock.dataset.what} ${words}`);
  lastLeft = left;
  if (left > 0 || performance.now() - askedAt < 2000) return;
  askedAt = performance.now();
  refresh();
};

const stop = () => {
  source.close();
  [polling, ...timers].forEach(clearInterval);
  connection.end();
};

// A hidden page of somebody who only watches gives its stream back; a bidder's goes on.
const onVisibility = () => {
  if (ended()) return;
  if (document.hidden) return watching() && source.close();
  connection.measure();
  refresh().then(watchOver);
};

if (room?.dataset.events) {
  hearTime(standing().serverNow);
  knownSequence = Number(standing().sequence);
  document.addEventListener("visibilitychange", onVisibility);
  timers = [setInterval(tick, 250), setInterval(watchOver, 10000), ...connection.begin()];
  connection.tick();
  tick();
  connect();
}
