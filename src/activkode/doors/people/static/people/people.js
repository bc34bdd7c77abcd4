// What makes a page live: news without a reload, the time left, and copying. Every page works without it.
const FASTEST = 1000, SLOWEST = 30000, HIDDEN = 5000;

// --- copying ---

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const word = button.querySelector("[data-copy-word]");
  const copied = await copy(button.dataset.copy);
  word.textContent = copied ? "Copied" : "Press Ctrl+C";
  button.classList.toggle("done", copied);
  say(copied ? "Copied." : "");
  setTimeout(() => { word.textContent = "Copy"; button.classList.remove("done"); }, 2000);
});

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text); // without TLS a browser may withhold the clipboard
  }
}

function copyBySelection(text) {
  const area = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}

// --- the time left, by a clock that no one can set: the server says how long, not until when ---

function startClocks(root) {
  for (const clock of root.querySelectorAll("[data-countdown]")) {
    clock.endsAt = performance.now() + Number(clock.dataset.countdown);
  }
  for (const bar of root.querySelectorAll("[data-window]")) bar.endsAt = performance.now() + bar.value;
  for (const word of root.querySelectorAll("[data-until]")) word.hidden = true;
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
  tick();
}

function tick() {
  const now = performance.now();
  for (const clock of document.querySelectorAll("[data-countdown]")) {
    clock.textContent = timeLeft(Math.max(0, clock.endsAt - now));
  }
  for (const bar of document.querySelectorAll("[data-window]")) {
    bar.value = Math.max(0, bar.endsAt - now);
    const part = bar.closest(".window"), over = part.querySelector("[data-over]");
    if (!over || bar.value > 0) continue;
    over.hidden = false;
    part.querySelector("[data-during]")?.remove();
  }
}

function timeLeft(milliseconds) {
  const seconds = Math.ceil(milliseconds / 1000), hours = Math.floor(seconds / 3600);
  const two = (number) => String(number).padStart(2, "0");
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${hours ? `${hours}:` : ""}${rest} left`;
}

// --- news ---

function watch(part) {
  let pause = Number(part.dataset.pace), failures = 0, timer = 0;
  const later = () => { clearTimeout(timer); if (pause) timer = setTimeout(ask, wait()); };
  const wait = () => {
    if (failures) return Math.min(SLOWEST, FASTEST * 2 ** failures);
    return document.hidden ? Math.max(HIDDEN, pause) : pause;
  };
  async function ask() {
    try {
      const answer = await fetch(`${part.dataset.live}?after=${encodeURIComponent(part.dataset.mark)}`, {
        redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(10000),
      });
      if (answer.type === "opaqueredirect" || answer.status === 404) return location.reload(); // signed out
      if (answer.status === 200) part = replace(part, await answer.text());
      else if (answer.status !== 204) throw new Error(answer.status);
      if (failures) say("Connected again.");
      failures = 0;
      pause = Number(part.dataset.pace);
    } catch {
      if (++failures === 3) say("No connection. Trying again.");
    }
    part.classList.toggle("offline", failures > 2);
    later();
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden && pause) { clearTimeout(timer); ask(); } });
  later();
}

function replace(part, html) {
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = holder.content.querySelector("[data-live]");
  part.replaceWith(fresh);
  for (const value of fresh.querySelectorAll("[data-set]")) {
    for (const place of document.querySelectorAll(`[data-${value.dataset.set}]`)) place.textContent = value.textContent;
  }
  startClocks(fresh);
  if (focused) (document.getElementById(focused) || document.getElementById("main")).focus({ preventScroll: true });
  if (fresh.dataset.say) say(fresh.dataset.say);
  if (fresh.dataset.title) document.title = `${fresh.dataset.title} · ACTIV KODE`;
  return fresh;
}

function say(sentence) {
  const place = document.getElementById("announce") || document.querySelector(".notices");
  if (place.id === "announce") place.textContent = sentence;
}

// --- what a withdrawal would pay, while its amount is typed ---

function showNet(place) {
  const form = place.closest("form"), { cash, fee, least } = place.dataset;
  const typed = form.elements.amount.value.trim().replace(/^\$/, "");
  const micros = form.elements.everything.checked ? Number(cash) : Math.round(Number(typed) * 1e6);
  const fits = micros >= Number(least) && micros <= Number(cash);
  const cents = Math.floor((micros - Number(fee)) / 1e4);
  place.textContent = fits ? `$${(cents / 100).toFixed(2)} arrives, less what the network takes beyond what we bear.` : "";
  form.elements.amount.disabled = form.elements.everything.checked;
}

for (const place of document.querySelectorAll("[data-net]")) {
  place.closest("form").addEventListener("input", () => showNet(place));
  showNet(place);
}

startClocks(document);
setInterval(tick, 250);
for (const part of document.querySelectorAll("[data-live]")) watch(part);
