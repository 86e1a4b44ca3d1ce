// Shows passwords on demand, and the passkey button where the browser knows passkeys.
for (const button of document.querySelectorAll("[data-show-password]")) {
  const field = document.getElementById(button.dataset.showPassword);
  if (!field) continue;
  const show = button.textContent;
  button.hidden = false;
  button.addEventListener("click", () => {
    const visible = field.type === "text";
    field.type = visible ? "password" : "text";
    button.textContent = visible ? show : button.dataset.hide;
    button.setAttribute("aria-pressed", String(!visible));
  });
  // A password must not stay readable in the browser's memory of forms.
  field.form?.addEventListener("submit", () => { field.type = "password"; });
}
if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-needs-passkey]")) part.hidden = false;
}
document.addEventListener("allauth.error", (event) => {
  const note = document.querySelector("[data-passkey-failed]");
  if (!note) return;
  event.preventDefault();
  note.hidden = false;
});
