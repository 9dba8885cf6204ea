// The wall of running auctions: loaded anew every few seconds while somebody looks at it.
const EVERY = 3000;
const wall = document.getElementById("wall"), lost = document.getElementById("wall-lost");

const look = async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(wall.dataset.rows, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("wall-live");
    if (!fresh) throw new Error("no wall");
    const focused = wall.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    wall.replaceChildren(document.adoptNode(fresh));
    if (focused) wall.querySelector(`a[href="${focused}"]`)?.focus({ preventScroll: true });
    lost.textContent = "";
    lost.className = "visually-hidden";
  } catch {
    lost.className = "form-errors";
    if (!lost.textContent) lost.textContent = lost.dataset.word;
  }
};

document.addEventListener("visibilitychange", look);
setInterval(look, EVERY);
