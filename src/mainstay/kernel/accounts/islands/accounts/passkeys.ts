/** Passkeys: a form with data-passkey asks the browser for a credential, puts it into its field, and is sent.
 *  `create` and `get` find their options in data-options; `sign-in` fetches them from the form's own address. */

interface Options {
  publicKey: PublicKeyCredentialCreationOptionsJSON & PublicKeyCredentialRequestOptionsJSON;
}

async function optionsOf(form: HTMLFormElement): Promise<Options> {
  if (form.dataset.options) return JSON.parse(form.dataset.options) as Options;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  const told = (await answer.json()) as { request_options: Options };
  return told.request_options;
}

async function credentialFor(form: HTMLFormElement): Promise<Credential | null> {
  const { publicKey } = await optionsOf(form);
  if (form.dataset.passkey !== "create") {
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  }
  const alone = form.querySelector<HTMLInputElement>("[name=passwordless]")?.checked ?? false;
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    userVerification: alone ? "required" : "preferred",
  };
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.passkey) return;
  event.preventDefault();
  const trouble = form.querySelector<HTMLElement>("[data-trouble]");
  if (trouble) trouble.hidden = true;
  credentialFor(form)
    .then((credential) => {
      const field = form.querySelector<HTMLInputElement>("[name=credential]");
      if (!credential || !field) throw new Error("no credential");
      field.value = JSON.stringify((credential as PublicKeyCredential).toJSON());
      form.submit();
    })
    .catch(() => {
      if (trouble) trouble.hidden = false;
    });
});
