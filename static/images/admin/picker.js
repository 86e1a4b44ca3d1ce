// Hands the chosen picture back to the editor that opened this window.
document.querySelector("[data-callback]").addEventListener("click", (event) => {
  const button = event.target.closest("button[data-id]")
  const number = event.currentTarget.dataset.callback
  if (!button || !number || !window.opener) return
  const { id, url, alt, caption } = button.dataset
  window.opener.CKEDITOR.tools.callFunction(number, url, { id, alternative_text: alt, caption })
  window.close()
})
