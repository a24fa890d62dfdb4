import type { SignedRequest } from './signed-request.js';

/** The request as a command for a POSIX shell, to copy and paste. */
export function curlOf({ method, url, headers, body }: SignedRequest): string {
  const verb = method === 'HEAD' ? '--head' : `-X ${method}`;
  const lines = [
    `curl -sS --globoff ${verb} ${quoted(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === '' ? [] : [`--data-raw ${quoted(body)}`]), // --data would read a file where the body begins with @
  ];
  return lines.join(' \\\n  ');
}

/** Quotes any text as a single word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
