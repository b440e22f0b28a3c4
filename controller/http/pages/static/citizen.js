// Follows one ticket: asks the server now and then, and shows the page anew when something has changed.

const main = document.querySelector("main");
const EVERY_MS = 10000;

const mark = (ticket) => [ticket.number, ticket.status, ticket.position, ticket.wait?.low_s, ticket.wait?.high_s, ticket.counter].map((part) => part ?? "").join("|");

async function look() {
  try {
    const answer = await fetch(main.dataset.url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const ticket = await answer.json();
    if (mark(ticket) === main.dataset.mark) return;
    if (ticket.status === "called" && navigator.vibrate) navigator.vibrate([300, 150, 300]);
    location.reload();
  } catch {
    // No network at the moment: the page keeps what it shows, with the time of it, and asks again.
  }
}

setInterval(look, EVERY_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
