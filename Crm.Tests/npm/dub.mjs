// Dub's own SDK against the running product, only its host changed: node dub.mjs ADDRESS KEY CLICK. Prints one JSON object.

import { Dub } from "dub";
import * as errors from "dub/models/errors";

const [address, token, clickId] = process.argv.slice(2);
const dub = new Dub({ token, serverURL: address.replace(/\/$/, "") });
const failure = async (run) => {
  try {
    await run();
    return null;
  } catch (error) {
    return { name: error.constructor.name, status: error.statusCode ?? error.httpMeta?.response?.status, known: Object.values(errors).some((type) => typeof type === "function" && error instanceof type), message: error.message };
  }
};

const person = { customerExternalId: "user_1001", customerName: "Ana Silva", customerEmail: "ana@silva.example.org" };
const result = {
  lead: await dub.track.lead({ clickId, eventName: "Sign up", ...person, metadata: { plan: "pro" } }),
  again: await dub.track.lead({ clickId, eventName: "Sign up", ...person }),
  deferred: await dub.track.lead({ clickId: "", eventName: "Trial", customerExternalId: "user_1001" }),
  sale: await dub.track.sale({ customerExternalId: "user_1001", amount: 4990, currency: "eur", invoiceId: "inv_1", paymentProcessor: "stripe", metadata: { seats: 3 } }),
  saleAgain: await dub.track.sale({ customerExternalId: "user_1001", amount: 4990, currency: "eur", invoiceId: "inv_1", paymentProcessor: "stripe" }),
  unknownClick: await failure(() => dub.track.lead({ clickId: "click_nobody.00", eventName: "Sign up", customerExternalId: "user_2" })),
  noCurrency: await failure(() => dub.track.sale({ customerExternalId: "user_1001", amount: 1, currency: "eux" })),
  wrongKey: await failure(() => new Dub({ token: "crm_sk_wrong", serverURL: address.replace(/\/$/, "") }).track.sale({ customerExternalId: "user_1001", amount: 1 })),
};
console.log(JSON.stringify(result));
