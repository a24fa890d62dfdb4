import { usageError } from '../cli-error.js';
import type { Answer, Command, CommandContext } from '../command.js';
import type { ApiKey } from '../config.js';
import { curlOf } from '../curl.js';
import type { Input } from '../input.js';
import { printableLines } from '../render/cell.js';
import type { Style } from '../render/style.js';
import { time } from '../render/time.js';
import { sendSigned, type ApiAnswer } from '../send-signed.js';
import { callOf, SIGNATURE_WINDOW_S, signRequest, type Call } from '../signed-request.js';

/** RFC 7240 lets a client ask; the API waits no longer than this. */
const LONGEST_WAIT_S = 30;

export const api: Command = {
  name: 'api',
  summary: 'signs a call of the public API, sends it, shows the answer and the call as curl',
  operands: [
    { name: 'METHOD', help: 'GET, POST, …' },
    { name: 'PATH', help: 'from /v1, with its query if it has one' },
    { name: 'BODY', help: 'JSON, sent byte for byte as given', optional: true },
  ],
  options: [
    {
      name: 'key-id',
      value: 'K',
      help: 'the key that signs; else environment SLUICE_KEY_ID; else the demo key',
    },
    {
      name: 'secret',
      value: 'S',
      help: 'its secret, or the text of a PEM with its Ed25519 private key; else environment SLUICE_SECRET, which no process list shows',
    },
    {
      name: 'prefer-wait',
      value: 'N',
      help: `wait up to N seconds for the venue, at most ${LONGEST_WAIT_S}`,
    },
    { name: 'print-only', help: 'sign, show as curl, send nothing' },
  ],
  notes: [
    `A signature is good once and for ${SIGNATURE_WINDOW_S} s.`,
    'Exit code 1 when the API refuses the call.',
  ],
  example: "api GET '/v1/balances?currency=USDT'",
  run: async (input, context) => {
    const call = readCall(input, context);
    const key = keyFor(input, context);
    return input.isSet('print-only') ? printed(call, key) : sent(call, key);
  },
};

function readCall(input: Input, { run }: CommandContext): Call {
  const preferWait = input.integer('prefer-wait', 0, LONGEST_WAIT_S);
  const call = callOf(
    run.intakeUrl,
    input.operand('METHOD'),
    input.operand('PATH'),
    input.optionalOperand('BODY') ?? '',
  );
  return { ...call, ...(preferWait !== undefined && { preferWait }) };
}

function keyFor(input: Input, { run, key }: CommandContext): ApiKey {
  const [keyId, secret] = [input.optional('key-id'), input.optional('secret')];
  if ((keyId === undefined) !== (secret === undefined))
    throw usageError('--key-id and --secret go together: give both or neither');
  const found = keyId !== undefined && secret !== undefined ? { keyId, secret } : (key ?? run.demo);
  if (!found)
    throw usageError(
      'no key to sign with: give --key-id and --secret, or set SLUICE_KEY_ID and SLUICE_SECRET ("sluice key create" makes one)',
    );
  return found;
}

function printed(call: Call, key: ApiKey): Answer {
  const request = signRequest(call, key, nowInSeconds());
  const curl = curlOf(request);
  return {
    json: { request, curl },
    text: (style) =>
      [style.dim(`# nothing was sent; ${validity(request.headers['X-CPG-Timestamp'])}`), curl].join(
        '\n',
      ),
  };
}

async function sent(call: Call, key: ApiKey): Promise<Answer> {
  const answer = await sendSigned(call, key);
  const again = signRequest(call, key, nowInSeconds() + 1); // a second later, for the signature just sent is spent
  const curl = curlOf(again);
  const { status, body } = answer;
  return {
    json: { status, body, request: { method: call.method, url: again.url }, curl },
    text: (style) => textOf(call, answer, curl, validity(again.headers['X-CPG-Timestamp']), style),
    exitCode: isSuccess(answer) ? 0 : 1,
  };
}

function textOf(call: Call, answer: ApiAnswer, curl: string, valid: string, style: Style): string {
  const { status, statusText, body } = answer;
  const paint = isSuccess(answer) ? style.good : style.bad;
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2);
  const warning = paysAgain(call)
    ? ['', style.doubtful('# this body has no client_reference: sent again, it pays again')]
    : [''];
  return [
    paint(`${status} ${statusText}`),
    printableLines(text),
    ...warning,
    style.dim(`# the same call, signed anew; ${valid}`),
    curl,
  ].join('\n');
}

function isSuccess({ status }: ApiAnswer): boolean {
  return status >= 200 && status < 300;
}

function paysAgain({ method, url, body }: Call): boolean {
  return (
    method === 'POST' && url.pathname === '/v1/withdrawals' && !body.includes('"client_reference"')
  );
}

function validity(timestamp: string | undefined): string {
  const until = new Date((Number(timestamp) + SIGNATURE_WINDOW_S) * 1000).toISOString();
  return `good once, until ${time(until)}`;
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
