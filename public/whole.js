// The whole text of a cut cell, while the pointer rests on the cell, and of all cut cells of the focused row.
const REST_MS = 400;
const whole = document.body.appendChild(document.createElement("div"));
whole.id = "whole";
whole.popover = "manual";
// Screen readers read cells whole.
whole.ariaHidden = "true";
let resting;
const hide = () => {
  clearTimeout(resting);
  whole.hidePopover();
};
const isCut = (cell) => [cell, ...cell.children].some((one) => one.scrollWidth > one.clientWidth && one.clientWidth);
const text = (cell) => [...cell.childNodes].map((node) => node.textContent.trim()).filter(Boolean).join(" ");
const show = (cells) => {
  if (!cells.length || !cells[0].isConnected) return;
  whole.textContent = cells.map(text).join("\n");
  whole.showPopover();
  const { left, bottom, top } = cells[0].getBoundingClientRect();
  const fits = bottom + whole.offsetHeight < innerHeight;
  whole.style.left = `${Math.max(0, Math.min(left, innerWidth - whole.offsetWidth))}px`;
  whole.style.top = `${fits ? bottom : top - whole.offsetHeight}px`;
};
const rest = ({ target, pointerType }) => {
  if (pointerType === "touch" || whole.contains(target)) return;
  hide();
  const cell = target.closest?.("table.lines td");
  if (cell && isCut(cell)) resting = setTimeout(show, REST_MS, [cell]);
};
addEventListener("pointerover", rest);
const showFocused = () => {
  const row = document.querySelector(":focus-visible")?.closest("table.lines tbody tr");
  if (row) show([...row.cells].filter(isCut));
};
addEventListener("focusin", () => {
  hide();
  showFocused();
});
addEventListener("focusout", hide);
// The text follows its row when the list comes to rest.
const follow = () => {
  hide();
  resting = setTimeout(showFocused, REST_MS);
};
addEventListener("scroll", follow, { capture: true, passive: true });
addEventListener("keydown", ({ key }) => key === "Escape" && hide());

/** Handles the event that has loaded this script. */
export const start = (event) => {
  const isOver = event.type === "pointerover" && event.target.matches(":hover");
  if (isOver) rest(event);
  showFocused();
};
