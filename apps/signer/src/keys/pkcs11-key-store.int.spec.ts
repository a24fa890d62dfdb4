import { join } from 'node:path';
import { readSigned } from '@sluice/evm';
import { eventually } from '@sluice/test-kit';
import { ServiceProcess, workspaceRoot } from '@sluice/test-servers';
import type { Hex } from 'viem';
import { askProcess, migrated, signerEnv } from '../testkit/given-signer.js';
import { aPayment, CHAINS_TEXT, THIEF } from '../testkit/wallets.js';
import { hasSoftHsm, SoftHsm } from '../testkit/soft-hsm.js';

const SLOW = 240_000;
const PATIENCE = { withinMs: 100_000, everyMs: 100 };
const MAIN = join(workspaceRoot(), 'apps/signer/dist/main.js');
const describeWhereItIs = hasSoftHsm() ? describe : describe.skip;

describeWhereItIs('a signer whose keys are on a token', () => {
  let token: SoftHsm;
  let env: Readonly<Record<string, string>>;
  const running: ServiceProcess[] = [];
  beforeAll(async () => {
    token = SoftHsm.create();
    const url = await migrated();
    env = { ...signerEnv(url, ''), EVM_CHAINS: chainOf(...token.addresses), ...token.env };
  }, SLOW);
  afterEach(() => Promise.all(running.splice(0).map((process) => process.stop())));
  afterAll(async () => {
    token?.remove();
  });

  async function start(change: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const process = await ServiceProcess.start(MAIN, { ...env, ...change });
    running.push(process);
    return process;
  }

  it(
    'signs with each of them so that a chain knows the sender, and the same request the same at every time',
    async () => {
      const signer = await start();
      await eventually(
        async () => expect((await signer.get('/readyz')).status).toBe(200),
        PATIENCE,
      );
      const payments = token.addresses.flatMap((from) =>
        Array.from({ length: 12 }, (_one, nonce) => aPayment({ from, nonce: `${nonce}` })),
      );

      const signed = await Promise.all(payments.map((payment) => askProcess(signer, payment)));

      for (const [at, answer] of signed.entries()) {
        const read = await readSigned((answer?.raw ?? '0x') as Hex);
        expect(read).toMatchObject({ ok: true, value: { from: payments[at]?.from } });
        expect(isLow(answer?.raw ?? '')).toBe(true);
      }
      expect(await Promise.all(payments.map((payment) => askProcess(signer, payment)))).toEqual(
        signed,
      );
    },
    SLOW,
  );

  it(
    'is unready if the token has no key of a wallet, and names the wallet',
    async () => {
      const signer = await start({ EVM_CHAINS: chainOf(...token.addresses, THIEF) });
      await eventually(async () => {
        const answer = await signer.get('/readyz');
        expect(answer.status).toBe(503);
        expect(await answer.text()).toContain(
          `the token sluice has no key of ${THIEF}, a wallet on ETH`,
        );
      }, PATIENCE);
    },
    SLOW,
  );

  it.each([
    ['label', { PKCS11_TOKEN: 'another' }, 'there is no token with the label another'],
    ['PIN', { PKCS11_PIN: '0000' }, 'CKR_PIN_INCORRECT'],
    ['library', { PKCS11_MODULE: '/nowhere.so' }, 'PKCS11_MODULE does not load: /nowhere.so'],
  ])(
    'does not start with another %s',
    async (_what, change, words) => {
      const signer = await start(change);
      expect(await signer.ended).not.toBe(0);
      expect(signer.output()).toContain(words);
    },
    SLOW,
  );
});

/** The `s` of a raw transaction is its end, an RLP string of at most 32 bytes: nodes take the lower half alone (EIP-2). */
function isLow(raw: string): boolean {
  const last = raw.slice(-64);
  return raw.slice(-66, -64) !== 'a0' || BigInt(`0x${last}`) < 2n ** 255n;
}

function chainOf(...wallets: readonly string[]): string {
  const [chain] = JSON.parse(CHAINS_TEXT) as [object];
  return JSON.stringify([
    { ...chain, wallets: wallets.map((address) => ({ address, purpose: 'hot' })) },
  ]);
}
