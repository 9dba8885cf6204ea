// What a screen reader hears: a new price at most every few seconds, an alarm only for "you have been outbid".
const QUIET = 4000;
const announcer = document.getElementById("announcer"), alarm = document.getElementById("alarm");
let saying, saidAt = -QUIET, last = "";

// The newest words win; words that were said already are not said again.
export const announce = (words) => {
  if (!words || words === last) return;
  last = words;
  clearTimeout(saying);
  const speak = () => { announcer.textContent = words; saidAt = performance.now(); };
  saying = setTimeout(speak, Math.max(0, saidAt + QUIET - performance.now()));
};

// Once for each time the lead is lost; taken back as soon as it is no longer so.
export const follow = (before, after) => {
  if (after !== "outbid") alarm.textContent = "";
  else if (before === "leading") alarm.textContent = alarm.dataset.word;
};
