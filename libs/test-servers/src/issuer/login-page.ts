/** Pages of the local issuer, without scripts. */
import type { IssuerAnswer } from './answers.js';

interface LoginForm {
  /** Path of the form, relative to the issuer. */
  readonly action: string;
  readonly attempt: string;
  /** Origin to which the answer of the form redirects; browsers check it as a target of the form. */
  readonly returnsTo: string;
  /** Fault of the last try. */
  readonly fault?: string;
  readonly name?: string;
}

const STYLE =
  'body{font:16px system-ui,sans-serif;margin:10vh auto;max-width:22rem;padding:0 1rem}' +
  'label{display:block;margin:1rem 0}input{display:block;font:inherit;width:100%;box-sizing:border-box;padding:.5rem}' +
  'button{font:inherit;padding:.5rem 1.5rem}';

export function loginPage(form: LoginForm): IssuerAnswer {
  const { action, attempt, returnsTo, fault, name = '' } = form;
  const body = `<h1>Sluice: local login</h1>
${fault === undefined ? '' : `<p role="alert">${escaped(fault)}</p>`}
<form method="post" action="${escaped(action)}" autocomplete="off">
<input type="hidden" name="attempt" value="${escaped(attempt)}">
<label>Name <input name="name" value="${escaped(name)}" required autofocus autocapitalize="none"></label>
<label>Password <input name="password" type="password" required></label>
<button>Log in</button>
</form>`;
  return page(fault === undefined ? 200 : 401, body, `'self' ${returnsTo}`);
}

/** Page with one sentence. */
export function sentencePage(status: number, sentence: string): IssuerAnswer {
  return page(status, `<p>${escaped(sentence)}</p>`, `'none'`);
}

function page(status: number, body: string, formAction: string): IssuerAnswer {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sluice: local login</title><style>${STYLE}</style></head><body>${body}</body></html>`,
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
