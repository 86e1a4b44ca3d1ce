// The bar jumps to the form; while the form is in view it is not needed.
const bar = document.querySelector(".sticky-bar");
const form = document.getElementById("enquire");
if (bar && form) {
  new IntersectionObserver(([entry]) => bar.toggleAttribute("data-away", entry.isIntersecting)).observe(form);
}
