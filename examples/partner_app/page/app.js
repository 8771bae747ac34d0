// The page: shows what the backend knows, and asks it for what the driver wants. It keeps nothing of its own.
import { Notice, ask, wait } from "./api.js";
import { $, acts, busy, element, onSubmit, show, signedOut, tell } from "./ui.js";
import { chosenCard, showCards } from "./wallet.js";

const LOOK_S = 1;
const SLOWEST_LOOK_S = 15;
const STATES = {
  starting: "Starting …",
  unsure: "Checking …",
  charging: "Charging",
  stopping: "Stopping … the final figures may take a few minutes.",
  finished: "Finished",
  failed: "Not started",
};
let wanted = null; // where the driver wanted to charge last
let following = false;

acts.wait = ["Try again", () => (wanted ? start(wanted) : show("places"))];

// -- signing in ----------------------------------------------------------------------------------------------

async function signedIn() {
  const { name } = await ask("GET", "/api/me");
  $("sign-in").hidden = true;
  for (const part of [$("places"), $("wallet"), document.querySelector("footer")]) part.hidden = false;
  $("who").hidden = false;
  $("who").textContent = name;
  await showCards();
  follow();
}

onSubmit("sign-in-form", async ({ name }) => {
  await ask("POST", "/api/sign-in", { name });
  await signedIn();
});

// -- stations ------------------------------------------------------------------------------------------------

function stationItem(station) {
  const item = element("li", "");
  item.append(element("h3", station.name), element("p", station.address));
  for (const { evse_id, free, price } of station.connectors) {
    // A connector that is said to be taken can be tried all the same: what a station says is not always so.
    const button = element("button", "Start here", { type: "button" });
    button.setAttribute("aria-label", `Start at ${evse_id}`);
    button.onclick = () => busy(button, () => start(evse_id));
    const said = [evse_id, free ? "free" : "maybe taken", price].filter(Boolean).join(" · ");
    const row = element("p", "", { className: "connector" });
    row.append(element("span", said), button);
    item.append(row);
  }
  return item;
}

function showStations(stations) {
  $("stations").replaceChildren(...stations.map(stationItem));
  if (!stations.length) tell({ text: "There is no station near you.", act: "nothing" });
}

onSubmit("by-number", async ({ evse }) =>
  showStations([await ask("GET", `/api/station?evse_id=${encodeURIComponent(evse.trim())}`)]),
);

$("near").onclick = () =>
  busy($("near"), async () => {
    const place = await new Promise((found, not) => navigator.geolocation.getCurrentPosition(found, not)).catch(() => {
      throw new Notice({ text: "We may not see where you are. Enter the number on the station.", act: "another-station" });
    });
    const { latitude, longitude } = place.coords;
    showStations((await ask("GET", `/api/stations?latitude=${latitude}&longitude=${longitude}`)).stations);
  });

// -- the charge ----------------------------------------------------------------------------------------------

async function start(evse_id) {
  wanted = evse_id;
  showCharge((await ask("POST", "/api/start", { evse_id, card: chosenCard() })).charge);
  show("charge");
  follow();
}

$("stop").onclick = () =>
  busy($("stop"), async () => {
    showCharge((await ask("POST", "/api/stop", {})).charge);
    follow();
  });

function showCharge(charge) {
  $("charge").hidden = !charge;
  if (!charge) return;
  $("charge-place").textContent = [charge.station, charge.evse_id].filter(Boolean).join(" · ");
  if ($("charge-state").textContent !== STATES[charge.state]) $("charge-state").textContent = STATES[charge.state];
  $("charge-kwh").textContent = charge.kwh ? `${charge.kwh} kWh` : "";
  $("stop").hidden = !charge.can_stop;
  $("stations").inert = charge.open;
  $("receipt").hidden = charge.state !== "finished";
  if (charge.open || charge.notice) tell(charge.notice);
}

// Looks at the charge until it is over. Without a connection it keeps trying, ever more slowly, and says so.
async function follow() {
  if (following) return;
  following = true;
  let pause = LOOK_S;
  let lost = false;
  for (let open = true; open; ) {
    try {
      const { charge } = await ask("GET", "/api/me");
      if (lost) tell(null);
      lost = false;
      showCharge(charge);
      if (charge?.state === "finished") await showReceipt();
      open = charge?.open ?? false;
      pause = LOOK_S;
    } catch (trouble) {
      if (trouble.signedOut) break;
      lost = true;
      tell({ text: "No connection. Your charge is not affected; we keep trying.", act: "nothing" });
      pause = Math.min(pause * 2, SLOWEST_LOOK_S);
    }
    if (open) await wait(pause);
  }
  following = false;
}

async function showReceipt() {
  const { receipt } = await ask("GET", "/api/receipt");
  if (!receipt) return;
  const lines = [...receipt.lines, ["Total", receipt.total], ["of which VAT", receipt.vat]];
  $("receipt-lines").replaceChildren(
    ...lines.flatMap(([title, value]) => [element("dt", title), element("dd", value)]),
  );
  $("receipt-invoice").replaceChildren(
    receipt.invoice ? element("a", "Invoice", { href: receipt.invoice, rel: "noopener" }) : "The invoice is not ready yet.",
  );
  $("invoice-again").hidden = Boolean(receipt.invoice);
}

$("invoice-again").onclick = () => busy($("invoice-again"), showReceipt);

for (const button of document.querySelectorAll("[data-show]")) button.onclick = () => show(button.dataset.show);

// -- from the beginning --------------------------------------------------------------------------------------

try {
  await signedIn();
} catch (trouble) {
  signedOut();
  if (!trouble.signedOut) tell(trouble);
}
