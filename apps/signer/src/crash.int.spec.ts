import { eventually } from '@sluice/test-kit';
import { ServiceProcess, workspaceRoot } from '@sluice/test-servers';
import { join } from 'node:path';
import {
  askProcess,
  askProcessForAll,
  givenSigner,
  migrated,
  signerEnv,
} from './testkit/given-signer.js';
import { aPayment, aVoid } from './testkit/wallets.js';

const SLOW = 240_000;
const PATIENCE = { withinMs: 100_000, everyMs: 100 };
const MAIN = join(workspaceRoot(), 'apps/signer/dist/main.js');

let url: string;
const running: ServiceProcess[] = [];
beforeEach(async () => void (url = await migrated()));
afterEach(() => Promise.all(running.splice(0).map((process) => process.stop())));

/** The service as a process of its own. */
async function start(env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
  const process = await ServiceProcess.start(MAIN, { ...signerEnv(url, ''), ...env });
  running.push(process);
  await eventually(async () => expect((await process.get('/readyz')).status).toBe(200), PATIENCE);
  return process;
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
      expect(await askProcess(killed, payment)).toBeNull();
      expect(await killed.ended).toBeNull();
      expect(await rows()).toEqual(left);

      const next = await start();
      const signed = await askProcess(next, payment);

      expect(await askProcess(next, payment)).toEqual(signed);
      expect(await rows()).toEqual({ nonces: 1, signatures: 1 });
      await expect(askProcess(next, aPayment())).rejects.toThrow(
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
      const first = await Promise.all(payments.map((payment) => askProcess(killed, payment)));
      expect(await killed.ended).toBeNull();

      const next = await start();
      const again = await Promise.all(payments.map((payment) => askProcess(next, payment)));

      first.forEach((signed, at) => {
        if (signed !== null) expect(again[at]).toEqual(signed);
      });
      expect(await rows()).toEqual({ nonces: 30, signatures: 30 });
      expect(await askProcess(next, aVoid({ nonce: '3' }))).not.toBeNull();
    },
    SLOW,
  );

  it.each([
    ['signer.before-commit', { nonces: 0, signatures: 0 }],
    ['signer.after-commit:17', { nonces: 30, signatures: 0 }],
    ['signer.after-signature:17', { nonces: 30, signatures: 30 }],
  ])(
    'at %s of a batch: the same batch, and another order of its items, get the same signatures',
    async (point, left) => {
      const payments = Array.from({ length: 30 }, (_one, nonce) => aPayment({ nonce: `${nonce}` }));
      const killed = await start({ FAULT_AT: point });
      expect(await askProcessForAll(killed, payments)).toBeNull();
      expect(await killed.ended).toBeNull();
      expect(await rows()).toEqual(left);

      const next = await start();
      const signed = await askProcessForAll(next, payments);
      const reversed = await askProcessForAll(next, payments.toReversed());

      expect(signed?.map(({ status_code }) => status_code)).toEqual(payments.map(() => 200));
      expect(reversed?.map(({ data }) => data)).toEqual(
        signed?.map(({ data }) => data).toReversed(),
      );
      expect(await askProcess(next, aVoid({ nonce: '3' }))).not.toBeNull();
      const others = payments.map(({ nonce }) => aPayment({ nonce }));
      const refused = await askProcessForAll(next, others);
      expect(new Set(refused?.map(({ message }) => message))).toEqual(
        new Set(['nonce: It was signed for something else']),
      );
      expect(await rows()).toEqual({ nonces: 30, signatures: 31 });
    },
    SLOW,
  );
});
