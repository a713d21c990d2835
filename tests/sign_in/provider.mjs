// A real OpenID Connect provider on loopback, for the tests: node provider.mjs PORT CALLBACK VERIFIED
import { Provider } from "oidc-provider";

const [port, callback, verified] = process.argv.slice(2);
const provider = new Provider(`http://localhost:${port}`, {
  clients: [{ client_id: "mainstay", client_secret: "a secret of the tests alone", redirect_uris: [callback] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  pkce: { required: () => true },
  cookies: { keys: ["only for the tests"] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: async () => ({ sub: id, name: "Olga Outside", email: `${id}@outside.example`, email_verified: verified === "yes" }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
