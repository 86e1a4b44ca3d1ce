// A click on the preview fills the two number fields; without scripts the fields alone do.
for (const frame of document.querySelectorAll("[data-focal-point]")) {
  const image = frame.querySelector("img")
  const across = document.getElementById("id_focal_x")
  const down = document.getElementById("id_focal_y")
  if (!image || !across || !down) continue
  const mark = document.createElement("span")
  mark.className = "focal-point-mark"
  frame.append(mark)
  const show = () => {
    mark.style.left = `${image.offsetLeft + Number(across.value) * image.clientWidth}px`
    mark.style.top = `${image.offsetTop + Number(down.value) * image.clientHeight}px`
  }
  image.addEventListener("click", (event) => {
    across.value = Math.min(Math.max(event.offsetX / image.clientWidth, 0), 1).toFixed(3)
    down.value = Math.min(Math.max(event.offsetY / image.clientHeight, 0), 1).toFixed(3)
    show()
  })
  for (const field of [across, down]) field.addEventListener("input", show)
  new ResizeObserver(show).observe(image)
}
