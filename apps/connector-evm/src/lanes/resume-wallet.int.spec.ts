import type { AwaitedDto, InboxItemDto, WalletDto } from '@sluice/http-api';
import { benchFor, happens, stateOf, type TestConnector } from '@sluice/connector-testing';
import { eventually } from '@sluice/test-kit';
import { parseEther, parseGwei, type Address } from 'viem';
import { orderOf, signedTransfer } from '../testing/orders.js';
import { kitWith } from '../testing/wallet-kit.js';
import { HOT_WALLETS, TANK, type WalletVenue } from '../testing/wallet-venue.js';

const PATIENCE = { withinMs: 90_000 };
const SLOW = 240_000;
const EVIDENCE = { evidence: 'ticket 8830: a test had its key' };

let venue: WalletVenue;
let connector: TestConnector;
const bench = benchFor(
  kitWith({ blockTimeMs: 0, confirmations: 3 }, (started) => {
    venue = started;
  }),
);
beforeEach(async () => void (connector = await bench.connector()));

async function ask<T = unknown>(
  method: 'GET' | 'POST',
  path: string,
  person: string,
  body?: object,
) {
  const answer = await connector.app.inject({
    method,
    url: `/internal/${path}`,
    headers: { ...connector.bearerOf(person), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { payload: JSON.stringify(body) }),
  });
  const { message, data } = answer.json<{ message: string; data: T }>();
  return { status: answer.statusCode, message, data };
}

const resume = (person: string, address: string, body: object = EVIDENCE) =>
  ask<AwaitedDto>('POST', `wallets/ETH/${address}/resume`, person, body);

const walletAt = async (address: string): Promise<WalletDto | undefined> =>
  (await ask<readonly WalletDto[]>('GET', 'wallets', 'audrey')).data.find(
    (one) => one.address === address,
  );

/** One block at a time, so that each is looked at. */
const blocksUntil = (check: () => Promise<void>): Promise<void> =>
  eventually(async () => {
    await venue.chain.mine();
    await check();
  }, PATIENCE);

/** Another wallet program with the same key, in a block of its own. */
async function somebodyElseSends(address: Address): Promise<void> {
  const nonce = Number(await venue.chain.nonce(address));
  const from = HOT_WALLETS.indexOf(address);
  const { raw } = await signedTransfer(venue.chain, { nonce, from, maxFee: parseGwei('150') });
  await venue.chain.dropAll();
  await venue.chain.client.sendRawTransaction({ serializedTransaction: raw });
  await venue.chain.mine();
  // What it took is none of this test: the watch over balances would halt the wallet for it.
  await venue.chain.setBalance(address, parseEther('10001'));
}

/** Answers which address it is. */
async function somebodyElsesNonceWasOurs(): Promise<Address> {
  const order = orderOf('ETH.ETH', '0.011');
  await connector.submit([order]);
  await happens(connector, order, 'withdrawal-broadcast');
  const [row] = await connector.database.query<{ address: Address }>('SELECT address FROM nonce');
  const address = row?.address ?? TANK;
  await somebodyElseSends(address);
  await blocksUntil(async () => expect(await stateOf(connector, order)).toBe('failed'));
  return address;
}

describe('a paused address', () => {
  it(
    'pays again when two people have said so, behind all that somebody else has used of it',
    async () => {
      const address = await somebodyElsesNonceWasOurs();
      expect((await walletAt(address))?.paused_because).toContain('was used by transaction 0x');
      const inbox = await ask<readonly InboxItemDto[]>('GET', 'inbox', 'audrey');
      expect(inbox.data).toMatchObject([
        {
          kind: 'paused_wallet',
          id: `ETH:${address}`,
          title: expect.stringContaining(`The address ${address} on ETH is paused: `) as string,
          people: 2,
        },
      ]);
      await somebodyElseSends(address);
      const used = await venue.chain.nonce(address);

      const early = await resume('olivia', address);
      expect(early).toMatchObject({ status: 409 });
      expect(early.message).toContain('not final yet');
      await venue.chain.mine(4);
      const asked = await resume('olivia', address.toLowerCase());
      expect(asked).toMatchObject({ status: 202, data: { approval_id: expect.any(String) } });
      expect((await resume('olivia', address)).message).toContain('it takes another person');
      expect((await walletAt(address))?.paused_because).not.toBeNull();

      const approved = await ask('POST', `approvals/${asked.data.approval_id}`, 'peter');

      expect(approved).toMatchObject({ status: 200, data: { result: { address } } });
      expect(await walletAt(address)).toMatchObject({
        paused_because: null,
        next_nonce: String(used),
      });
      const [other = TANK] = HOT_WALLETS.filter((one) => one !== address);
      await connector.database.query(`UPDATE lane SET paused_because = 'x' WHERE address = $1`, [
        other,
      ]);
      const order = orderOf('ETH.ETH', '0.012');
      await connector.submit([order]);
      await blocksUntil(async () => expect(await stateOf(connector, order)).toBe('settled'));
      expect(await bench.payments('0.012')).toHaveLength(1);
      expect(
        await connector.database.query(
          'SELECT address, nonce::int FROM nonce WHERE withdrawal_id = $1',
          [order.withdrawalId],
        ),
      ).toEqual([{ address, nonce: Number(used) }]);
    },
    SLOW,
  );

  it('that is none, is not ours, or is asked for by nobody who may, is refused', async () => {
    await venue.chain.setBalance(TANK, parseEther('1'));
    await eventually(async () => expect(await walletAt(TANK)).toBeDefined(), PATIENCE);

    expect(await resume('olivia', TANK)).toMatchObject({
      status: 409,
      message: `${TANK} is not paused on ETH`,
    });
    expect(await resume('olivia', `0x${'7'.repeat(40)}`)).toMatchObject({ status: 404 });
    expect(await resume('olivia', '0x7')).toMatchObject({ status: 422 });
    expect(await resume('olivia', TANK, {})).toMatchObject({ status: 422 });
    expect(await resume('audrey', TANK)).toMatchObject({ status: 403 });
    expect(await ask('POST', `wallets/BSC/${TANK}/resume`, 'olivia', EVIDENCE)).toMatchObject({
      status: 404,
    });
  });
});
