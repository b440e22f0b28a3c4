// The form of the sign-in page.

import { call } from "./api.js";

const form = document.getElementById("sign-in");
const fault = form.querySelector(".fault");
const button = form.querySelector("button");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  fault.hidden = true;
  button.disabled = true;
  const answer = await call("POST", "/api/v1/session", { user: form.user.value, password: form.password.value });
  button.disabled = false;
  if (answer.ok) {
    location.assign(form.dataset.next);
    return;
  }
  const { wrong, unreachable } = form.dataset;
  fault.textContent = answer.status === 401 ? wrong : answer.body?.title ?? unreachable;
  fault.hidden = false;
  form.password.select();
});
