// The form works without this. Here the text survives a reload and a broken connection.
const KEY = "enquiry";
const KEPT = ["name", "email", "phone", "address", "message"];

if (document.querySelector("[data-thanked]")) sessionStorage.removeItem(KEY);

class EnquiryForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.button = this.querySelector("[type=submit]");
    this.words = [...this.button.childNodes];
    this.begun = 0;
    this.restore();
    this.form.addEventListener("input", () => this.keep());
    this.form.addEventListener("submit", (event) => this.send(event));
    // Back from the thanks, many browsers show this page as it was left: sending.
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.ready();
    });
  }

  ready() {
    this.button.removeAttribute("aria-disabled");
    this.button.replaceChildren(...this.words);
  }

  restore() {
    let kept = {};
    try {
      kept = JSON.parse(sessionStorage.getItem(KEY)) || {};
    } catch {
      return;
    }
    for (const name of KEPT) {
      const field = this.form.elements[name];
      if (field && !field.value && kept[name]) field.value = kept[name];
    }
  }

  keep() {
    this.begun ||= Date.now();
    const values = Object.fromEntries(KEPT.map((name) => [name, this.form.elements[name].value]));
    try {
      sessionStorage.setItem(KEY, JSON.stringify(values));
    } catch {
      // A full or forbidden storage loses nothing that is on the page.
    }
  }

  async send(event) {
    // Buttons with a name change the list of products and lead to another page.
    if (event.submitter?.name) return;
    event.preventDefault();
    if (this.button.getAttribute("aria-disabled")) return;
    const state = this.querySelector(".send-state");
    state.textContent = "";
    if (this.begun) this.form.elements.elapsed.value = String(Date.now() - this.begun);
    this.button.setAttribute("aria-disabled", "true");
    this.button.textContent = this.form.dataset.sending;
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: new URLSearchParams(new FormData(this.form)) });
      if (answer.redirected) {
        location.assign(answer.url);
        return;
      }
      // An answer that is no thanks page is shown as it is: its errors stand beside the fields.
      this.show(await answer.text());
    } catch {
      state.textContent = this.form.dataset.offline;
      this.ready();
    }
  }

  show(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.querySelector("main");
    if (!fresh) {
      this.form.submit();
      return;
    }
    document.title = page.title;
    document.querySelector("main").replaceWith(fresh);
    const problems = document.getElementById("problems");
    (problems || fresh).focus();
    scrollTo(0, 0);
  }
}

customElements.define("enquiry-form", EnquiryForm);
