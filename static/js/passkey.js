/* A passkey: the browser asks the person's device, and what it answers is sent with the form in place of a code. Without
   script, or in a browser that knows none, the buttons stay hidden and the code stays. */
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials || !window.fetch) { return; }
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const away = () => { throw new Error("Panel tidak dapat dihubungi, atau halaman ini terlalu lama terbuka. Periksa jaringan, lalu muat ulang."); };
  const parsed = (answer) => answer.json().catch(away).then((said) => { if (answer.ok) { return said; } throw new Error(said.sentence); });
  const asked = (button) => {
    const body = new FormData();
    body.append("csrf_token", button.form.elements.csrf_token.value);
    return window.fetch(button.dataset.passkey, { method: "POST", body, headers: { Accept: "application/json" }, cache: "no-store" })
      .catch(away).then(parsed);
  };
  const made = (options) => navigator.credentials.create({ publicKey: { ...options, challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: known(options.excludeCredentials) } });
  const shown = (options) => navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge),
    allowCredentials: known(options.allowCredentials) } });

  const words = (key) => {
    const from = key.response, response = { clientDataJSON: text(from.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach((name) => {
      if (from[name]) { response[name] = text(from[name]); }
    });
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: {} });
  };
  const sentence = (fault, adds) => ({
    NotAllowedError: `Dibatalkan, atau waktunya habis. Coba lagi${adds ? "" : ", atau ketik kode"}.`,
    AbortError: `Dibatalkan. Coba lagi${adds ? "" : ", atau ketik kode"}.`,
    InvalidStateError: "Perangkat ini sudah menyimpan kunci sandi untuk akun Anda.",
    Error: fault.message,
  })[fault.name] || `Peramban ini tidak dapat memakai kunci sandi di sini.${adds ? "" : " Ketik kode."}`;

  document.querySelectorAll("[data-passkey]").forEach((button) => {
    const { form } = button, said = form.querySelector("[data-passkey-said]"), adds = button.dataset.options;
    const answer = form.elements[adds ? "jawaban" : "kunci_sandi"], code = form.querySelector("[data-code]");
    button.hidden = false;
    form.querySelectorAll("[data-passkey-none]").forEach((one) => { one.hidden = true; });
    const ready = () => {
      answer.value = "";
      button.disabled = false;
      if (code) { code.required = true; }
    };
    // Anyone who comes back to the page finds it as it was left: an answer that was sent once would go before a code typed now.
    window.addEventListener("pageshow", ready);
    button.addEventListener("click", () => {
      if (code) { code.required = false; }
      if (!form.reportValidity()) { if (code) { code.required = true; } return; }
      button.disabled = true;
      said.hidden = true;
      (adds ? made(JSON.parse(adds)) : asked(button).then(shown)).then((key) => {
        answer.value = words(key);
        if (form.requestSubmit) { form.requestSubmit(); } else { form.submit(); }
      }).catch((fault) => {
        said.textContent = sentence(fault, adds);
        said.hidden = false;
        ready();
      });
    });
  });
})();
