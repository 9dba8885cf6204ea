// The live room: hears of changes, fetches the page's changing parts, counts down, says what happened.
// Bids never pass through here; without this file the page works by being loaded again.
"use strict";

(() => {
  const room = document.getElementById("room");
  if (!room || !room.dataset.events) return;
  const POLL = 5000, SILENCE = 40000, QUIET = 4000, MARKS = [600, 300, 60];
  const connection = document.getElementById("connection");
  const announcer = document.getElementById("announcer");
  const alarm = document.getElementById("alarm");
  const standing = () => document.getElementById("live-standing").dataset;
  const watching = () => ["stranger", "watching"].includes(standing().mine);
  const ended = () => ["sold", "unsold", "cancelled"].includes(standing().stage);
  let offset = -Infinity, source, polling, heard = Date.now(), known = null;
  let fetching = false, again = false, saying, saidAt = 0, lastLeft = 0, askedAt = 0;

  // The largest sample is the one that travelled fastest, so it errs least.
  const learnTime = (text) => { offset = Math.max(offset, Date.parse(text) - Date.now()); };

  const showConnection = (word) => {
    connection.querySelector("[data-connection]").textContent = connection.dataset[word];
    connection.classList.toggle("connection-lost", word !== "liveWord");
  };

  // At most one announcement every few seconds: the newest words win.
  const announce = (words) => {
    if (!words) return;
    clearTimeout(saying);
    const speak = () => { announcer.textContent = words; saidAt = Date.now(); };
    saying = setTimeout(speak, Math.max(0, saidAt + QUIET - Date.now()));
  };

  // A part takes the place of the old one; what was typed stays, and so does the focus.
  const put = (part) => {
    const old = document.getElementById(part.id);
    if (!old || (part.dataset.basis && part.dataset.basis === old.dataset.basis)) return;
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    const typed = [...old.querySelectorAll("[data-amount]")].filter((field) => field.value !== field.defaultValue);
    old.replaceWith(part);
    for (const field of typed) {
      const fresh = document.getElementById(field.id);
      if (fresh) fresh.value = field.value;
    }
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };

  const show = (html) => {
    const before = standing().mine;
    const parts = new DOMParser().parseFromString(html, "text/html").querySelectorAll("section[id]");
    for (const part of parts) put(document.adoptNode(part));
    learnTime(standing().serverNow);
    tick();
    if (standing().mine !== "outbid") alarm.textContent = "";
    else if (before === "leading") alarm.textContent = alarm.dataset.word;
    announce(document.querySelector("[data-announce]").textContent.trim());
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
      showConnection("offWord");
    }
    fetching = false;
    if (again) refresh();
  };

  // Those who only watch fetch a little later and not all together: bids come first.
  const hear = (fresh) => {
    heard = Date.now();
    learnTime(fresh.server_now);
    const state = JSON.stringify({ ...fresh, server_now: null });
    const asLoaded = known === null && standing().stage === fresh.stage && Number(standing().sequence) === fresh.sequence;
    const news = state !== known && !asLoaded;
    known = state;
    if (news) setTimeout(refresh, watching() ? Math.random() * 1000 : 0);
  };

  const poll = async () => {
    try {
      const answer = await fetch(room.dataset.state, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      showConnection("lostWord");
      hear(await answer.json());
    } catch {
      showConnection("offWord");
    }
  };

  const startPolling = () => {
    if (polling) return;
    polling = setInterval(poll, POLL);
    poll();
  };

  // The browser resumes a stream that ended; one that was refused (503) is asked for again while we poll.
  const connect = () => {
    source?.close();
    source = new EventSource(room.dataset.events);
    source.onopen = () => { polling = clearInterval(polling); showConnection("liveWord"); };
    source.addEventListener("state", (event) => hear(JSON.parse(event.data)));
    source.addEventListener("heartbeat", (event) => { heard = Date.now(); learnTime(JSON.parse(event.data).server_now); });
    source.onerror = () => setTimeout(() => source.readyState === EventSource.OPEN || ended() || startPolling(), 3000);
  };

  const watchOver = () => {
    if (!document.hidden && (source.readyState === EventSource.CLOSED || Date.now() - heard > SILENCE)) connect();
  };

  const tick = () => {
    const clock = document.querySelector("[data-countdown]");
    if (!clock) return;
    const left = Math.ceil((Date.parse(clock.dataset.countdown) - Date.now() - offset) / 1000);
    const days = Math.floor(left / 86400);
    const time = [Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60, left % 60].map((part) => String(part).padStart(2, "0")).join(":");
    const words = left <= 0 ? clock.dataset.passed : days ? `${days} ${clock.dataset.day} ${time}` : time;
    if (clock.textContent !== words) clock.textContent = words;
    if (MARKS.some((mark) => lastLeft > mark && left <= mark)) announce(`${clock.dataset.what} ${time}`);
    lastLeft = left;
    if (left > 0 || Date.now() - askedAt < 2000) return;
    askedAt = Date.now();
    refresh();
  };

  const stop = () => {
    source.close();
    [polling, ticking, guarding].forEach(clearInterval);
    connection.hidden = true;
  };

  // A hidden page of somebody who only watches gives its stream back; a bidder's goes on.
  document.addEventListener("visibilitychange", () => {
    if (ended()) return;
    if (!document.hidden) refresh().then(watchOver);
    else if (watching()) source.close();
  });

  learnTime(standing().serverNow);
  const ticking = setInterval(tick, 250), guarding = setInterval(watchOver, 10000);
  tick();
  connect();
})();
