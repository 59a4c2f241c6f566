// Keeps observation clocks and the time of day going. Each clock carries when it ends; a device whose own clock is
// wrong is corrected by the server's time that came with the page. A clock that runs out fires "tc:done" once.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const started = performance.now();
const offsets = new WeakMap();

function now(element) {
  if (!offsets.has(element)) {
    const server = Date.parse(element.dataset.now ?? "");
    offsets.set(element, Number.isNaN(server) ? Date.now() - performance.now() : server - started);
  }
  return offsets.get(element) + performance.now();
}

/** Whole minutes left, never below 0. */
export function minutesLeft(endsAt, at) {
  return Math.max(0, Math.ceil((Date.parse(endsAt) - at) / MINUTE));
}

/** The stroke-dasharray that draws `gone` dots on a circle whose pathLength is `total`. */
export function minuteDots(gone, total) {
  return [...Array(Math.max(gone - 1, 0)).fill("0 1"), `0 ${total}`].join(" ");
}

function draw(clock) {
  const total = Number(clock.dataset.total);
  const left = minutesLeft(clock.dataset.endsAt, now(clock));
  if (clock.dataset.left === String(left)) return;
  clock.dataset.left = String(left);
  const gone = Math.min(total, total - left);
  const [, dots] = clock.querySelectorAll("circle");
  dots.setAttribute("stroke-dasharray", minuteDots(gone, total));
  dots.setAttribute("visibility", gone > 0 ? "visible" : "hidden");
  clock.querySelector("b").textContent = String(left);
  if (left === 0) finish(clock);
}

function finish(clock) {
  clock.querySelector("b").hidden = true;
  clock.querySelector(".tc-i").removeAttribute("hidden");
  clock.querySelector("[data-word]").textContent = clock.dataset.done;
  if (!clock.matches('[class*="is-"]')) {
    clock.classList.add("is-ok");
    clock.closest(".tc-obs")?.classList.add("is-ok");
  }
  clock.dispatchEvent(new CustomEvent("tc:done", { bubbles: true }));
}

function tell(time) {
  const moment = new Date(now(time));
  const said = moment.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
  if (time.textContent !== said) time.textContent = said;
}

/** Draws every clock under `root` as it stands now. */
export function tick(root = document) {
  root.querySelectorAll("[data-clock]").forEach(draw);
  root.querySelectorAll("time[data-time]").forEach(tell);
}

tick();
setInterval(() => tick(), SECOND);
