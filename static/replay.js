// Plays an ended auction: moves the board through the rows of the table. Without this file the links do the same.
const part = document.getElementById("replay");
const board = document.getElementById("board");
const heading = document.getElementById("replay-heading");
const place = document.getElementById("replay-place");
const button = document.getElementById("replay-play");
const speed = document.getElementById("replay-speed");
const rows = new Map([...document.querySelectorAll("tr[data-step]")].map((row) => [Number(row.dataset.step), row]));
const first = Number(part.dataset.first), last = Number(part.dataset.last);
let now = Number(place.value), timer = null;

// A line through the chart at the moment of the entry.
const chart = part.querySelector("svg");
const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
if (chart) {
  line.setAttribute("class", "replay-now");
  line.setAttribute("y1", "0");
  line.setAttribute("y2", String(chart.viewBox.baseVal.height - 30));
  chart.append(line);
}

const show = (step) => {
  const row = rows.get(step);
  if (!row) return;
  rows.get(now)?.removeAttribute("aria-current");
  rows.get(now)?.classList.remove("own-bid");
  now = step;
  row.setAttribute("aria-current", "step");
  row.classList.add("own-bid");
  for (const cell of row.querySelectorAll("[data-is]")) {
    const copies = [...cell.childNodes].map((node) => node.cloneNode(true));
    board.querySelector(`[data-shows="${cell.dataset.is}"]`).replaceChildren(...copies);
  }
  heading.textContent = heading.dataset.template.replace("NUMBER", step);
  place.value = step;
  place.setAttribute("aria-valuetext", board.querySelector('[data-shows="time"]').textContent.trim());
  line.setAttribute("x1", row.dataset.across);
  line.setAttribute("x2", row.dataset.across);
};

const stop = () => {
  clearTimeout(timer);
  timer = null;
  button.textContent = button.dataset.play;
  board.removeAttribute("aria-live"); // a status again: single steps are read out
};

// How long the present entry stays: so many milliseconds, or ("x60") its real time so many times faster.
const LONGEST = 5000, SHORTEST = 60;
const stay = () => {
  if (!speed.value.startsWith("x")) return Number(speed.value);
  const at = (step) => Number(rows.get(step)?.dataset.at ?? 0);
  const real = now < last ? at(now + 1) - at(now) : 0;
  return Math.min(LONGEST, Math.max(SHORTEST, real / Number(speed.value.slice(1))));
};

const go = () => {
  if (now >= last) return stop();
  show(now + 1);
  timer = setTimeout(go, stay());
};

button.addEventListener("click", () => {
  if (timer !== null) return stop();
  if (now >= last) show(first);
  button.textContent = button.dataset.pause;
  board.setAttribute("aria-live", "off"); // nobody can listen that fast
  timer = setTimeout(go, stay());
});

place.addEventListener("input", () => {
  stop();
  show(Number(place.value));
});

for (const link of part.querySelectorAll(".replay-steps a[rel]")) {
  link.addEventListener("click", (event) => {
    const step = now + (link.rel === "next" ? 1 : -1);
    if (!rows.has(step)) return;
    event.preventDefault();
    stop();
    show(step);
  });
}

document.getElementById("replay-controls").hidden = false;
show(now);
