// A new product begins with the rows of its category: as soon as the category is chosen, they stand ready to be filled
// in. Without this script they stand there after the first save.
document.addEventListener("DOMContentLoaded", () => {
  const $ = window.django?.jQuery
  const category = document.querySelector("#product_form [name=category]")
  const group = document.querySelector("#specifications-group")
  const initial = document.querySelector("[name=specifications-INITIAL_FORMS]")
  if (!$ || !category || !group || !/\/add\/$/.test(location.pathname) || initial?.value !== "0") return

  const filled = (row) => [...row.querySelectorAll("input:not([type=hidden]), select")].some((field) =>
    !/-(?:specification|position|is_key_fact)$/.test(field.name) && field.value && field.value !== "unknown")
  let asked = 0

  async function offer() {
    const turn = ++asked
    for (const row of group.querySelectorAll("[data-offered]")) if (!filled(row)) row.querySelector(".inline-deletelink")?.click()
    if (!category.value) return
    const answer = await fetch(`../../category/${category.value}/rows/`, { headers: { Accept: "application/json" } })
    if (!answer.ok || turn !== asked) return
    const has = new Set([...group.querySelectorAll("select[name$=-specification]")].map(({ value }) => value))
    for (const { id, name } of (await answer.json()).rows) {
      if (has.has(String(id))) continue
      group.querySelector(".add-row a").click()
      const row = [...group.querySelectorAll(".form-row:not(.empty-form)")].at(-1)
      const select = row.querySelector("select[name$=-specification]")
      row.dataset.offered = ""
      select.append(new Option(name, id, true, true))
      $(select).trigger("change")
    }
  }

  $(category).on("change", offer)
  if (category.value && !group.querySelector(".errorlist")) offer()
})
