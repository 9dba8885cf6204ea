// How well this page is connected: in words, with the last update, the way to the server and back, and its time.
import { measureTime, serverNow, timeOfDay } from "./live-clock.js";

const MEASURE = 20000;
const line = document.getElementById("connection");
const part = (name) => line.querySelector(`[data-${name}]`);
let state = "page", updatedAt = 0;

const fill = (name, values) => {
  const place = part(name), text = place.dataset.word.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  place.hidden = false;
  if (place.textContent !== text) place.textContent = text;
};

// States: live, reconnecting, polling, lost.
export const show = (next) => {
  state = next;
  line.dataset.state = next;
  const words = line.dataset[`${next}Word`];
  if (part("connection").textContent !== words) part("connection").textContent = words;
};

// Something came from the server.
export const updated = () => { updatedAt = serverNow(); };

export const tick = () => {
  const zone = line.dataset.zone;
  fill("clock", { time: timeOfDay(serverNow(), zone) });
  if (updatedAt) fill("updated", { time: timeOfDay(updatedAt, zone) });
};

export const measure = async () => {
  if (document.hidden || state === "lost") return;
  const asked = performance.now();
  try {
    const answer = await fetch(line.dataset.time, { cache: "no-store" });
    if (!answer.ok) return;
    const { server_now: moment } = await answer.json(), trip = performance.now() - asked;
    measureTime(moment, trip);
    fill("latency", { ms: Math.round(trip) });
  } catch {
    part("latency").hidden = true; // the stream or the poll says that the connection is lost
  }
};

export const begin = () => {
  measure();
  return [setInterval(measure, MEASURE), setInterval(tick, 1000)];
};

export const end = () => { line.hidden = true; };
