// Passkeys: hands the options of a form to the browser and sends what it answers.
"use strict";
(() => {
  if (!window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(
    atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0)
  );
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const keys = (several) => (several ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

  const read = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: keys(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: keys(options.allowCredentials) }),
  });
  const said = (credential) => {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    });
  };

  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.hidden = false;
    const failed = form.querySelector(".err[role=alert]");
    form.addEventListener("submit", async (sending) => {
      if (form.elements.answer.value) return;
      sending.preventDefault();
      failed.hidden = true;
      const publicKey = read(JSON.parse(form.dataset.passkey));
      try {
        const credential = publicKey.user
          ? await navigator.credentials.create({ publicKey })
          : await navigator.credentials.get({ publicKey });
        form.elements.answer.value = said(credential);
        form.submit();
      } catch {
        failed.hidden = false;
      }
    });
  }
})();
