// Tables sort by a click on the head of a column; nothing else needs a script.
for (const table of document.querySelectorAll("table.sorted")) {
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  const value = (row, at) => {
    const cell = row.cells[at], text = cell.dataset.value ?? cell.textContent.trim();
    return text !== "" && isFinite(text) ? Number(text) : text;
  };
  const compare = (one, other) => typeof one === typeof other ? (one > other) - (one < other) : typeof one === "number" ? -1 : 1;
  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].sort((one, other) => compare(value(one, at), value(other, at)) * (down ? -1 : 1));
      body.append(...rows);
    });
  });
}
