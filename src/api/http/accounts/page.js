// Sends a page's form as JSON, and goes where its answer leads.
"use strict";

for (const form of document.querySelectorAll("form[data-action]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = { ...JSON.parse(form.dataset.fixed), ...Object.fromEntries(new FormData(form)) };
    const answer = await fetch(form.dataset.action, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const told = await answer.json();
    if (!answer.ok) {
      document.getElementById("problem").textContent = told.message;
    } else if (told.twoFactorRedirect) {
      location.assign("/sign-in/two-factor?to=" + encodeURIComponent(form.dataset.next));
    } else {
      location.assign(form.dataset.next);
    }
  });
}
