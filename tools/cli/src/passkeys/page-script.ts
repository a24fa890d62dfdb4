/**
 * Script of the passkey page, for the browser. It reads `mode`, `post` and `options` from the
 * element `task`. Binary fields are base64url in JSON and bytes in the browser.
 */
export const PAGE_SCRIPT = String.raw`'use strict';
function bytesOf(text) {
  const plain = text.replace(/-/g, '+').replace(/_/g, '/');
  return Uint8Array.from(atob(plain), (one) => one.charCodeAt(0));
}

function textOf(bytes) {
  let plain = '';
  for (const one of new Uint8Array(bytes)) plain += String.fromCharCode(one);
  return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function withBytes(list) {
  return (list || []).map((one) => Object.assign({}, one, { id: bytesOf(one.id) }));
}

function getOptions(options, hostname) {
  return {
    challenge: bytesOf(options.challenge),
    rpId: hostname,
    userVerification: 'required',
    allowCredentials: withBytes(options.allowCredentials),
  };
}

function createOptions(options) {
  return Object.assign({}, options, {
    challenge: bytesOf(options.challenge),
    user: Object.assign({}, options.user, { id: bytesOf(options.user.id) }),
    excludeCredentials: withBytes(options.excludeCredentials),
  });
}

function answerOf(credential) {
  const { response } = credential;
  const names = ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle', 'attestationObject'];
  const given = names.filter((name) => response[name]);
  const fields = Object.fromEntries(given.map((name) => [name, textOf(response[name])]));
  if (response.getTransports) fields.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    response: fields,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function credentialFor(task) {
  return task.mode === 'create'
    ? navigator.credentials.create({ publicKey: createOptions(task.options) })
    : navigator.credentials.get({ publicKey: getOptions(task.options, location.hostname) });
}

async function run(task, show) {
  show('Waiting for the passkey.');
  const credential = await credentialFor(task);
  const answer = await fetch(task.post, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(answerOf(credential)),
  });
  if (!answer.ok) throw new Error(await answer.text());
  show('Done. The command line has the answer: close this page.');
}

function start() {
  const task = JSON.parse(document.getElementById('task').textContent);
  const button = document.getElementById('use');
  const show = (text) => {
    document.getElementById('state').textContent = text;
  };
  button.addEventListener('click', () => {
    button.disabled = true;
    run(task, show).catch((error) => {
      button.disabled = false;
      show('Nothing was sent: ' + error.message);
    });
  });
}

if (typeof document !== 'undefined') start();
`;
