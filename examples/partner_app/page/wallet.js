// Cards, the billing address, and payments that wait for the driver.
import { Notice, ask, confirmCard, confirmPayment, wait } from "./api.js";
import { $, acts, busy, element, onSubmit, show, tell } from "./ui.js";

const READY = { text: "Thank you. You can start your charge now.", act: "wait" };

acts["another-card"] = ["Choose a card", () => show("wallet")];
acts["billing-data"] = ["Enter the address", () => show("address")];
acts.settle = ["Pay now", showPayments];
acts.authenticate = ["Confirm now", showPayments];

export const chosenCard = () => Number(document.querySelector("input[name=pay]:checked")?.value) || null;

export async function showCards(chosen = chosenCard()) {
  const { cards } = await ask("GET", "/api/cards");
  $("cards").replaceChildren(
    ...cards.map((card, n) => {
      const checked = cards.some((one) => one.id === chosen) ? card.id === chosen : n === 0;
      const label = element("label", "");
      label.append(element("input", "", { type: "radio", name: "pay", value: card.id, checked }), ` ${card.label}`);
      return label;
    }),
  );
  if (!cards.length) $("cards").textContent = "No card yet. Add one below.";
  return cards;
}

onSubmit("card-form", async ({ card }) => {
  const before = (await showCards()).length;
  const { client_secret } = await ask("POST", "/api/cards", {});
  await confirmCard(client_secret, card);
  for (let n = 0; n < 20; n += 1) {
    if ((await showCards(null)).length > before) return; // the newest one is chosen
    await wait(1);
  }
  throw new Notice({ text: "Your card was taken but is not listed yet. Please look again in a minute.", act: "nothing" });
});

$("country").addEventListener("change", () => {
  $("tax").hidden = $("country").value !== "IT";
  $("tax_id").required = !$("tax").hidden;
});

onSubmit("address-form", async (address) => {
  await ask("PUT", "/api/billing", address);
  $("address").hidden = true;
  tell(READY);
});

async function showPayments() {
  const { payments } = await ask("GET", "/api/payments");
  $("payment-list").replaceChildren(...payments.map(payButton));
  show("payments");
}

function payButton(payment) {
  const button = element("button", `Confirm: ${payment.what}`, { type: "button" });
  button.onclick = () =>
    busy(button, async () => {
      await confirmPayment(payment.client_secret);
      await ask("POST", "/api/payments", {});
      $("payments").hidden = true;
      tell(READY);
    });
  const item = element("li", "");
  item.append(button);
  return item;
}
