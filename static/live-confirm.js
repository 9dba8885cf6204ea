// The second step of a bid in a dialog on the same page: what it would cost, and one button. Whatever does not go
// smoothly is left to an ordinary form, which leads to a page that says the same.
const dialog = document.getElementById("confirm-dialog");
let asked = null;

const price = () => document.getElementById("live-standing").dataset.price;
const seen = () => dialog.querySelector("[name=seen_price]");

const send = ({ action, body }) => {
  const form = document.createElement("form");
  [form.method, form.action, form.hidden] = ["post", action, true];
  for (const [name, value] of body) {
    const field = document.createElement("input");
    [field.type, field.name, field.value] = ["hidden", name, value];
    form.append(field);
  }
  document.body.append(form);
  form.submit();
};

const ask = async () => {
  const act = asked;
  try {
    const answer = await fetch(act.action, { method: "POST", body: act.body, headers: { "X-Part": "dialog" } });
    if (answer.status !== 200) throw new Error(answer.statusText);
    const text = await answer.text();
    if (act !== asked) return;
    dialog.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    if (!dialog.open) dialog.showModal();
  } catch {
    if (act === asked) send(act);
  }
};

if (dialog?.showModal) {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".bid-form")) return;
    event.preventDefault();
    asked = { action: event.target.action, body: new FormData(event.target, event.submitter) };
    ask();
  });
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  // What was confirmed is not asked again: the news of one's own bid may come before the answer to it.
  dialog.addEventListener("submit", () => { asked = null; });
  dialog.addEventListener("close", () => { asked = null; });
  // While the reader hesitates the price may move: then the dialog says so, and the amount is as it was.
  document.addEventListener("room-changed", () => {
    if (!dialog.open || !asked || !seen() || seen().value === price()) return;
    asked.body.set("seen_price", seen().value);
    ask();
  });
}
