import { usageError } from '../errors/errors.js';
import { command, type CommandContext } from '../language/command.js';
import type { ApiKey } from '../settings/config.js';
import { printableLines, time } from '../render/text.js';
import {
  sendSigned,
  callOf,
  curlOf,
  SIGNATURE_WINDOW_S,
  signRequest,
  type CallToSign,
} from '../calls/signed-request.js';

export const API = [
  command('api METHOD PATH [BODY] [--key-id K] [--secret S] [--prefer-wait 0..30] [--print-only]', {
    help: `signs a call of the public API, sends it, shows the answer and the call as curl
      METHOD: e.g. GET
      PATH: from /v1, with its query, e.g. "/v1/balances?currency=USDT"
      BODY: JSON, sent byte for byte as given
      --key-id: the key that signs; else environment SLUICE_KEY_ID; else the demo key
      --secret: its secret, or the text of a PEM with its Ed25519 private key; else environment SLUICE_SECRET, which no process list shows
      --prefer-wait: seconds to wait for the venue
      --print-only: sign, show as curl, send nothing
      A signature is good once and for ${SIGNATURE_WINDOW_S} s.
      Exit code 1 when the API refuses the call.`,
    call: async ({ METHOD, PATH, BODY = '', prefer_wait, ...given }, _services, context) => {
      const plain = callOf(context.run.intakeUrl, METHOD, PATH, BODY);
      const call = prefer_wait === undefined ? plain : { ...plain, preferWait: prefer_wait };
      const key = keyFor(given, context);
      const answer = given.print_only ? null : await sendSigned(call, key);
      // a second later, because the signature just sent is used up
      const request = signRequest(call, key, nowInSeconds() + (answer === null ? 0 : 1));
      return { call, answer, request, curl: curlOf(request) };
    },
    json: ({ call: { method }, answer, request, curl }) => {
      if (answer === null) return { request, curl };
      const { status, body } = answer;
      return { status, body, request: { method, url: request.url }, curl };
    },
    text: ({ call, answer, request, curl }, style) => {
      const until = Number(request.headers['X-CPG-Timestamp']) + SIGNATURE_WINDOW_S;
      const valid = `good once, until ${time(new Date(until * 1000).toISOString())}`;
      if (answer === null) return [style.dim(`# nothing was sent; ${valid}`), curl];
      const { status, statusText, body } = answer;
      const paint = isSuccess(status) ? style.good : style.bad;
      return [
        paint(`${status} ${statusText}`),
        printableLines(typeof body === 'string' ? body : JSON.stringify(body, null, 2)),
        '',
        paysAgain(call) &&
          style.doubtful('# this body has no client_reference: sent again, it pays again'),
        style.dim(`# the same call, signed anew; ${valid}`),
        curl,
      ];
    },
    exit: ({ answer }) => (answer === null || isSuccess(answer.status) ? 0 : 1),
  }),
];

interface GivenKey {
  readonly key_id: string | undefined;
  readonly secret: string | undefined;
}

function keyFor({ key_id: keyId, secret }: GivenKey, { run, key }: CommandContext): ApiKey {
  if ((keyId === undefined) !== (secret === undefined))
    throw usageError('--key-id and --secret go together: give both or neither');
  const found = keyId !== undefined && secret !== undefined ? { keyId, secret } : (key ?? run.demo);
  if (!found)
    throw usageError(
      'no key to sign with: give --key-id and --secret, or set SLUICE_KEY_ID and SLUICE_SECRET ("sluice key create" makes one)',
    );
  return found;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function paysAgain({ method, url, body }: CallToSign): boolean {
  return (
    method === 'POST' && url.pathname === '/v1/withdrawals' && !body.includes('"client_reference"')
  );
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
