import { ServiceCredential } from '@sluice/callers';
import { Secret } from '@sluice/config';
import type { SignatureDto, SignatureRequestDto } from '@sluice/signer-api';
import { eventually } from '@sluice/test-kit';
import {
  LocalIssuer,
  ServiceProcess,
  withTestPostgres,
  workspaceRoot,
  type TestPostgres,
} from '@sluice/test-servers';
import { join } from 'node:path';
import { CALLER, givenSigner, migrated, signerEnv } from './testkit/given-signer.js';
import { aPayment, aVoid } from './testkit/requests.js';

const SLOW = 240_000;
const PATIENCE = { withinMs: 100_000, everyMs: 100 };
const MAIN = join(workspaceRoot(), 'apps/signer/dist/main.js');
const SIGNATURES = '/internal/signatures';

let postgres: TestPostgres;
let issuer: LocalIssuer;
let url: string;
const running: ServiceProcess[] = [];
beforeAll(async () => {
  [postgres, issuer] = await Promise.all([withTestPostgres(), LocalIssuer.start()]);
}, SLOW);
afterAll(() => Promise.all([postgres.stop(), issuer.stop()]));
beforeEach(async () => void (url = await migrated(await postgres.createDatabase('signer'))));
afterEach(() => Promise.all(running.splice(0).map((process) => process.stop())));

/** The service as a process of its own. */
async function start(env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
  const process = await ServiceProcess.start(MAIN, { ...signerEnv(url, issuer.url), ...env });
  running.push(process);
  await eventually(async () => expect((await process.get('/readyz')).status).toBe(200), PATIENCE);
  return process;
}

/** Null where the process ends before it answers. */
async function ask(
  process: ServiceProcess,
  request: SignatureRequestDto,
): Promise<SignatureDto | null> {
  const key = new Secret(CALLER.privateKey);
  const credential = new ServiceCredential('connector-evm', 'signer', key, () => new Date());
  const answer = await fetch(`http://127.0.0.1:${process.port}${SIGNATURES}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await credential.token()}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(request),
  }).catch(() => null);
  if (answer === null) return null;
  const { data, message } = (await answer.json()) as { data: SignatureDto; message: string };
  if (answer.status !== 200) throw new Error(`${answer.status}: ${message}`);
  return data;
}

async function rows() {
  const look = await givenSigner(url);
  try {
    const [counts] = await look.database.query<{ nonces: number; signatures: number }>(
      'SELECT (SELECT count(*)::int FROM signed_nonce) AS nonces, (SELECT count(*)::int FROM signature) AS signatures',
    );
    expect(await look.violations()).toEqual([]);
    return counts;
  } finally {
    await look.close();
  }
}

describe('a signer that is killed', () => {
  it.each([
    ['signer.before-commit', 'before the nonce is given', { nonces: 0, signatures: 0 }],
    [
      'signer.after-commit',
      'with the nonce given and nothing signed',
      { nonces: 1, signatures: 0 },
    ],
    [
      'signer.after-signature',
      'with the signature stored and nobody told',
      { nonces: 1, signatures: 1 },
    ],
  ])(
    '%s, %s: the same request gets the one signature afterwards, and no other nonce moves',
    async (point, _when, left) => {
      const payment = aPayment();
      const killed = await start({ FAULT_AT: point });
      expect(await ask(killed, payment)).toBeNull();
      expect(await killed.ended).toBeNull();
      expect(await rows()).toEqual(left);

      const next = await start();
      const signed = await ask(next, payment);

      expect(await ask(next, payment)).toEqual(signed);
      expect(await rows()).toEqual({ nonces: 1, signatures: 1 });
      await expect(ask(next, aPayment())).rejects.toThrow(
        '409: nonce: It was signed for something else',
      );
    },
    SLOW,
  );

  it(
    'in the middle of many: each that is asked again has one signature, and none has two',
    async () => {
      const payments = Array.from({ length: 30 }, (_one, nonce) => aPayment({ nonce: `${nonce}` }));
      const killed = await start({ FAULT_AT: 'signer.after-signature:9' });
      const first = await Promise.all(payments.map((payment) => ask(killed, payment)));
      expect(await killed.ended).toBeNull();

      const next = await start();
      const again = await Promise.all(payments.map((payment) => ask(next, payment)));

      first.forEach((signed, at) => {
        if (signed !== null) expect(again[at]).toEqual(signed);
      });
      expect(await rows()).toEqual({ nonces: 30, signatures: 30 });
      expect(await ask(next, aVoid({ nonce: '3' }))).not.toBeNull();
    },
    SLOW,
  );
});
