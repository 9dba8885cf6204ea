// The server's time in the browser, and the countdown to it. The browser's own clock is never asked what time it is:
// only how much time has passed.
const FRESH = 300000;
let offset = -Infinity, best = Infinity, measuredAt = -Infinity;

// One moment the server sent, on its way for an unknown time: the largest sample travelled fastest, so it errs least.
export const hearTime = (text) => {
  if (best === Infinity) offset = Math.max(offset, Date.parse(text) - performance.now());
};

// A moment the server sent in answer to us, `trip` milliseconds after we asked: half the way is the best guess, and a
// shorter way errs less. A measurement does not count for ever.
export const measureTime = (text, trip) => {
  const now = performance.now();
  if (trip > best && now - measuredAt < FRESH) return;
  [offset, best, measuredAt] = [Date.parse(text) + trip / 2 - now, trip, now];
};

export const serverNow = () => performance.now() + offset;

// The time of day in the marketplace's zone, whatever the browser's is.
export const timeOfDay = (milliseconds, zone) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(milliseconds);

// Seconds until a moment as hours, minutes and seconds, with days before them when there are any.
export const spoken = (left, dayWord) => {
  const days = Math.floor(left / 86400);
  const parts = [Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60, left % 60];
  const time = parts.map((part) => String(part).padStart(2, "0")).join(":");
  return days ? `${days} ${dayWord} ${time}` : time;
};
