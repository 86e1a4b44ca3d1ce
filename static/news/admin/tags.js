// The field for tags: suggestions while typing, new words become new tags.
{
  const $ = window.django.jQuery;
  const ready = () => {
    for (const field of document.querySelectorAll("select[data-suggestions]")) {
      $(field).select2({
        tags: true,
        theme: "admin-autocomplete",
        width: "100%",
        tokenSeparators: [",", ";", "，", "；", "、", "\n"],
        ajax: { url: field.dataset.suggestions, delay: 150, data: ({ term }) => ({ term }) },
        createTag({ term }) {
          const name = term.trim().replace(/\s+/g, " ");
          const chosen = $(field).val().some((other) => other.toLowerCase() === name.toLowerCase());
          return name && !chosen ? { id: name, text: name } : null;
        },
      });
    }
  };
  document.addEventListener("DOMContentLoaded", ready);
}
