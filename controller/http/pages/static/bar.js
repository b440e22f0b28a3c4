// Signing out, on every page of the staff.

import { call } from "./api.js";

document.querySelector("[data-sign-out]")?.addEventListener("click", async (event) => {
  await call("DELETE", "/api/v1/session", undefined, event.currentTarget.dataset.csrf);
  location.assign("/sign-in");
});
