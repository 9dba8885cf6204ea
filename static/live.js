// The live room: hears of changes, fetches the page's changing parts, counts down, says what happened.
// Bids never pass through here; without this file the page works by being loaded again.
"use strict";

(() => {
  const room = document.getElementById("room");
  if (!room) return;
  const POLL = 5000, SILENCE = 40000, QUIET = 4000, MARKS = [600, 300, 60];
  const connection = document.getElementById("connection");
  const announcer = document.getElementById("announcer");
  const alarm = document.getElementById("alarm");
  let offset = null, source = null, polling = null, heard = Date.now();
  let fetching = false, again = false, saidAt = 0, saying = null, lastLeft = Infinity, askedAtEnd = 0, state = null;

  const standing = () => document.getElementById("live-standing");
  const ended = () => ["sold", "unsold", "cancelled"].includes(standing().dataset.stage);

  // The sample that travelled fastest is the largest: it errs least, and never shows more time than there is by much.
  const learnTime = (text) => {
    const sample = Date.parse(text) - Date.now();
    offset = offset === null ? sample : Math.max(offset, sample);
  };

  const showConnection = (word, lost) => {
    if (!connection) return;
    connection.querySelector("[data-connection]").textContent = connection.dataset[word];
    connection.classList.toggle("connection-lost", lost);
  };

  // At most one announcement every few seconds: the newest words win.
  const announce = (words) => {
    if (!words) return;
    clearTimeout(saying);
    saying = setTimeout(() => {
      announcer.textContent = words;
      saidAt = Date.now();
    }, Math.max(0, saidAt + QUIET - Date.now()));
  };

  const put = (fresh) => {
    const old = document.getElementById(fresh.id);
    if (!old || (fresh.dataset.basis && fresh.dataset.basis === old.dataset.basis)) return;
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    const typed = [...old.querySelectorAll("[data-amount]")].filter((field) => field.value !== field.defaultValue);
    old.replaceWith(fresh);
    typed.forEach((field) => {
      const now = document.getElementById(field.id);
      if (now) now.value = field.value;
    });
    if (focused && document.getElementById(focused)) document.getElementById(focused).focus({ preventScroll: true });
  };

  const refresh = async () => {
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    again = false;
    try {
      const answer = await fetch(room.dataset.fragment, { headers: { Accept: "text/html" } });
      if (answer.ok) show(await answer.text());
    } catch {
      showConnection("offWord", true);
    }
    fetching = false;
    if (again) refresh();
  };

  const show = (html) => {
    const before = standing().dataset.mine;
    const parts = new DOMParser().parseFromString(html, "text/html");
    [...parts.querySelectorAll("section[id]")].forEach((part) => put(document.adoptNode(part)));
    const now = standing();
    learnTime(now.dataset.serverNow);
    tick();
    if (now.dataset.mine === "outbid" && before === "leading") alarm.textContent = alarm.dataset.word;
    if (now.dataset.mine !== "outbid") alarm.textContent = "";
    announce(now.querySelector("[data-announce]").textContent.trim());
    if (ended()) stop();
  };

  // Everybody sees the figures at once; those who only watch fetch the rest a little later, and not all together.
  const hear = (fresh) => {
    heard = Date.now();
    learnTime(fresh.server_now);
    const { server_now: _, ...rest } = fresh;
    const text = JSON.stringify(rest);
    if (text === state) return;
    const first = state === null && standing().dataset.stage === fresh.stage
      && Number(standing().dataset.sequence) === fresh.sequence;
    state = text;
    if (first) return;
    const watching = ["stranger", "watching"].includes(standing().dataset.mine);
    setTimeout(refresh, watching ? Math.random() * 1000 : 0);
  };

  const poll = async () => {
    try {
      const answer = await fetch(room.dataset.state, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      showConnection("lostWord", true);
      hear(await answer.json());
    } catch {
      showConnection("offWord", true);
    }
  };

  const startPolling = () => {
    showConnection("lostWord", true);
    if (polling === null) polling = setInterval(poll, POLL);
    poll();
  };

  const stopPolling = () => {
    clearInterval(polling);
    polling = null;
    showConnection("liveWord", false);
  };

  // The browser resumes a stream that ended by itself; one that was refused (503) is tried again while we poll.
  const connect = () => {
    source?.close();
    source = new EventSource(room.dataset.events);
    source.addEventListener("open", stopPolling);
    source.addEventListener("state", (event) => hear(JSON.parse(event.data)));
    source.addEventListener("heartbeat", (event) => {
      heard = Date.now();
      learnTime(JSON.parse(event.data).server_now);
    });
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) setTimeout(() => source.readyState === EventSource.OPEN || startPolling(), 3000);
      else startPolling();
    });
  };

  const watchOver = () => {
    if (ended()) return;
    if (source.readyState === EventSource.CLOSED || Date.now() - heard > SILENCE) connect();
  };

  const two = (number) => String(number).padStart(2, "0");

  const tick = () => {
    const clock = document.querySelector("[data-countdown]");
    if (!clock || offset === null) return;
    const left = Math.ceil((Date.parse(clock.dataset.countdown) - Date.now() - offset) / 1000);
    const days = Math.floor(left / 86400);
    const time = [Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60, left % 60].map(two).join(":");
    const words = left <= 0 ? clock.dataset.passed : days ? `${days} ${clock.dataset.day} ${time}` : time;
    if (clock.textContent !== words) clock.textContent = words;
    if (MARKS.some((mark) => lastLeft > mark && left <= mark) && lastLeft !== Infinity) announce(`${clock.closest("div").querySelector("dt").textContent} ${time}`);
    lastLeft = left;
    if (left <= 0 && Date.now() - askedAtEnd > 2000) {
      askedAtEnd = Date.now();
      refresh();
    }
  };

  const stop = () => {
    source?.close();
    clearInterval(polling);
    clearInterval(ticking);
    clearInterval(guarding);
    if (connection) connection.hidden = true;
  };

  learnTime(standing().dataset.serverNow);
  const ticking = setInterval(tick, 250), guarding = setInterval(watchOver, 10000);
  tick();
  if (!ended() && room.dataset.events) connect();
  document.addEventListener("visibilitychange", () => document.hidden || ended() || refresh());
})();
