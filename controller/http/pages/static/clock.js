// The administrator says that the clock is right.

import { call } from "./api.js";

const button = document.querySelector("[data-accept]");

button?.addEventListener("click", async () => {
  const { accept, csrf } = button.dataset;
  const fault = document.querySelector("[role=alert]");
  button.disabled = true;
  const answer = await call("POST", "/api/v1/clock/accept", { shown: accept }, csrf);
  if (answer.ok || answer.status === 409) {
    location.reload();
    return;
  }
  button.disabled = false;
  fault.textContent = answer.body?.title ?? "";
  fault.hidden = !fault.textContent;
});
