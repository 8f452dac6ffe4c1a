/** The demo page: one drawing of the whole, made again whenever the world or the looking changes. */

import { Desk } from "./desk.js";
import { draw, h } from "./dom.js";
import { guide } from "./guide.js";
import { confirmDialog } from "./modals.js";
import { phone } from "./phone.js";
import { FIRST_LOOK, OUT_OF_REACH, toast, topbar, trouble } from "./topbar.js";
import { workspace } from "./workspace.js";
import { World } from "./world.js";

const AGES_MOVE_EVERY = 20000;

function page(desk) {
  return h(
    "div",
    { class: "page" },
    topbar(desk),
    trouble(desk),
    guide(desk),
    h("main", { class: "stage" }, phone(desk), workspace(desk)),
    confirmDialog(desk),
    toast(desk),
  );
}

function start(root) {
  const world = new World(() => redraw());
  const desk = new Desk(world, () => redraw());
  const redraw = () => {
    if (world.state) desk.settle();
    draw(root, world.state ? page(desk) : h("p", { class: "boot" }, OUT_OF_REACH));
  };
  world.follow();
  setTimeout(redraw, FIRST_LOOK);
  setInterval(redraw, AGES_MOVE_EVERY);
  document.addEventListener("visibilitychange", redraw);
  document.addEventListener("click", (event) => {
    if (desk.view.menu && !event.target.closest(".overflow, .toolbar")) desk.show({ menu: null });
  });
  document.addEventListener("keydown", (event) => {
    if (!desk.view.menu || event.key !== "Escape") return;
    event.preventDefault(); // a menu closes before the window it stands in
    desk.show({ menu: null });
  });
}

start(document.getElementById("app"));
