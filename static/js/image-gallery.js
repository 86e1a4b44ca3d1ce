// Each thumbnail links to its picture; here the large plate shows it instead.
class ImageGallery extends HTMLElement {
  connectedCallback() {
    this.plate = this.querySelector(".plate");
    this.addEventListener("click", (event) => {
      const link = event.target.closest(".thumbs a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const view = document.getElementById(link.dataset.view);
      if (!view) return;
      event.preventDefault();
      this.plate.replaceChildren(view.content.cloneNode(true));
      this.plate.classList.toggle("photo", link.hasAttribute("data-photo"));
      for (const other of this.querySelectorAll(".thumbs a")) other.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
    });
  }
}

customElements.define("image-gallery", ImageGallery);
