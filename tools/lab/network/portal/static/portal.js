// Marks on the picture for the tool that is open: they move its sliders, and its sliders move them.

const stage = document.querySelector(".stage"), picture = stage.querySelector("img");
let marks = [];

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// The place of the picture within the stage, in CSS pixels.
const box = () => ({ left: picture.offsetLeft, top: picture.offsetTop, width: picture.offsetWidth, height: picture.offsetHeight });

function mark(form, [x, y], name) {
  const spot = stage.appendChild(document.createElement("div"));
  spot.className = `mark ${name}`;
  spot.ariaHidden = "true"; // the sliders say the same
  spot.addEventListener("pointerdown", (event) => {
    spot.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  spot.addEventListener("pointermove", (event) => {
    if (!spot.hasPointerCapture(event.pointerId)) return;
    const { left, top, width, height } = box(), place = stage.getBoundingClientRect();
    form.elements[x].value = clamp((event.clientX - place.left - left) / width * 1000, 0, 1000);
    form.elements[y].value = clamp((event.clientY - place.top - top) / height * 1000, 0, 1000);
    draw();
  });
  return { element: spot, draw: () => put(spot, form.elements[x].value, form.elements[y].value) };
}

function frame(form) {
  const edge = stage.appendChild(document.createElement("div"));
  edge.className = "edge";
  return { element: edge, draw() {
    const [left, top, right, bottom] = ["left", "top", "right", "bottom"].map((name) => Number(form.elements[name].value));
    put(edge, left, top);
    edge.style.width = `${Math.max(0, right - left) * box().width / 1000}px`;
    edge.style.height = `${Math.max(0, bottom - top) * box().height / 1000}px`;
  } };
}

function put(element, x, y) {
  const { left, top, width, height } = box();
  element.style.left = `${left + x * width / 1000}px`;
  element.style.top = `${top + y * height / 1000}px`;
}

function draw() { for (const each of marks) each.draw(); }

function open() {
  for (const each of marks) each.element.remove();
  marks = [];
  const tool = document.querySelector("details[data-tool][open]"), form = tool?.querySelector("form");
  if (form?.elements.tip_x) marks.push(mark(form, ["tip_x", "tip_y"], "tip"));
  if (form?.elements.x) marks.push(mark(form, ["x", "y"], "place"));
  if (form?.elements.left) {
    marks.push(frame(form));
    for (const corner of [["left", "top"], ["right", "top"], ["left", "bottom"], ["right", "bottom"]]) marks.push(mark(form, corner, "corner"));
  }
  draw();
}

for (const tool of document.querySelectorAll("details[data-tool]")) {
  tool.addEventListener("toggle", open);
  tool.addEventListener("input", draw);
}
addEventListener("resize", draw);
picture.addEventListener("load", draw);
open();
