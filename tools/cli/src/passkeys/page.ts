import { PAGE_SCRIPT } from './page-script.js';

/** Request of the page to the browser. */
export interface PasskeyTask {
  readonly title: string;
  /** Text for the person, in lines: the same as on the command line. */
  readonly text: string;
  /** Label of the button. */
  readonly button: string;
  readonly mode: 'get' | 'create';
  /** Options in JSON, bytes in base64url; `get` takes `challenge` and `allowCredentials`. */
  readonly options: object;
}

const STYLE = `body { font: 16px/1.5 sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em }
pre { background: #f3f3f3; overflow-wrap: anywhere; padding: 1em; white-space: pre-wrap }
button { font: inherit; padding: 0.5em 1em }`;

/** Returns the page. It loads nothing: script and style are inside, and carry the nonce. */
export function pageHtml(task: PasskeyTask, post: string, nonce: string): string {
  const { title, text, button, mode, options } = task;
  const data = JSON.stringify({ mode, post, options }).replaceAll('<', String.raw`\u003c`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escaped(title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<pre>${escaped(text)}</pre>
<p><button id="use" type="button">${escaped(button)}</button></p>
<p id="state" role="status"></p>
<script id="task" type="application/json" nonce="${nonce}">${data}</script>
<script nonce="${nonce}">${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

/** Headers of every answer of the page server. */
export function pageHeaders(nonce: string): Readonly<Record<string, string>> {
  return {
    'content-security-policy': [
      `default-src 'none'`,
      `script-src 'nonce-${nonce}'`,
      `style-src 'nonce-${nonce}'`,
      `connect-src 'self'`,
      `base-uri 'none'`,
      `form-action 'none'`,
      `frame-ancestors 'none'`,
      `require-trusted-types-for 'script'`,
    ].join('; '),
    'permissions-policy': 'publickey-credentials-get=(self), publickey-credentials-create=(self)',
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
