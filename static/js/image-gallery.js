// Each thumbnail links to its picture; here the large plate shows it instead. The first view stays in memory.
class ImageGallery extends HTMLElement {
  connectedCallback() {
    this.plate = this.querySelector(".plate");
    this.first = [...this.plate.childNodes];
    this.addEventListener("click", (event) => {
      const link = event.target.closest(".thumbs a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.show(link);
    });
  }

  show(link) {
    const view = link.dataset.view && document.getElementById(link.dataset.view);
    this.plate.replaceChildren(...(view ? [view.content.cloneNode(true)] : this.first));
    this.plate.classList.toggle("photo", link.hasAttribute("data-photo"));
    for (const other of this.querySelectorAll(".thumbs a")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
  }
}

customElements.define("image-gallery", ImageGallery);
