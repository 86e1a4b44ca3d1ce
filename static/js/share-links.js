// The links and the field work without this. Here a button copies the address, and phones offer their own apps.
const ofThis = document.querySelectorAll(".share");

function copy(field) {
  if (navigator.clipboard) return navigator.clipboard.writeText(field.value);
  // Pages that are not served over https have no clipboard of their own.
  field.select();
  return document.execCommand("copy") ? Promise.resolve() : Promise.reject(new Error("not copied"));
}

for (const share of ofThis) {
  const field = share.querySelector("input");
  const button = share.querySelector("[data-copy]");
  const apps = share.querySelector("[data-share]");

  button.hidden = false;
  button.addEventListener("click", () => {
    copy(field).then(
      () => {
        button.textContent = button.dataset.copied;
        share.querySelector("[role=status]").textContent = button.dataset.copied;
      },
      () => field.select(),
    );
  });
  field.addEventListener("focus", () => field.select());
  if (navigator.share) {
    apps.parentElement.hidden = false;
    apps.addEventListener("click", () => {
      navigator.share({ title: document.title, url: field.value }).catch(() => {
        // Closing the list of apps is no fault.
      });
    });
  }
}
