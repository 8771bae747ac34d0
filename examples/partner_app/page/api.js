// Requests of the page: to our own backend, and straight to Stripe. The Connect key is known to the backend alone.

export class Notice extends Error {
  constructor({ text, act, reference }) {
    super(text);
    this.act = act;
    this.reference = reference;
  }
}

const NO_NETWORK = { text: "No connection. Please check your network and try again.", act: "wait" };

export async function ask(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  let answer, found;
  try {
    answer = await fetch(path, options);
    found = await answer.json();
  } catch {
    throw new Notice(NO_NETWORK);
  }
  if (!answer.ok) throw Object.assign(new Notice(found.notice), { signedOut: answer.status === 401 });
  return found;
}

let config;

// Confirms a setup intent (a new card) or a payment intent (one that the bank wants confirmed, or a debt).
// With real cards this is stripe.js: confirmSetup, confirmPayment and handleNextAction with its dialogue.
async function confirmAt(kind, secret, method) {
  config ??= await ask("GET", "/api/config");
  const form = new URLSearchParams({ client_secret: secret, key: config.publishable_key });
  if (method) form.set("payment_method", method);
  const url = `${config.stripe}/v1/${kind}/${encodeURIComponent(secret.split("_secret_")[0])}/confirm`;
  let found;
  try {
    found = await (await fetch(url, { method: "POST", body: form })).json();
  } catch {
    throw new Notice(NO_NETWORK);
  }
  // Stripe writes the messages of card errors for cardholders; those of other errors are not for them.
  if (found.error?.type === "card_error") throw new Notice({ text: found.error.message, act: "another-card" });
  if (found.error) throw new Notice({ text: "The payment service did not accept this. Please try again.", act: "wait" });
  return found.status;
}

async function confirm(kind, secret, method) {
  if ((await confirmAt(kind, secret, method)) !== "requires_action") return;
  if (!window.confirm("Your bank asks: is it you who pays?")) {
    throw new Notice({ text: "You did not confirm the payment at your bank.", act: "nothing" });
  }
  await confirmAt(kind, secret, method);
}

export const confirmCard = (secret, method) => confirm("setup_intents", secret, method);
export const confirmPayment = (secret, method) => confirm("payment_intents", secret, method);

export const wait = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));
