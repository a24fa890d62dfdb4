import { benchFor, happens, types } from '@sluice/connector-testing';
import { partsOfProof, readClosed, verifyProof } from '@sluice/signing';
import { eventually, testMessageKeys } from '@sluice/test-kit';
import { orderOf } from './testing/orders.js';
import { kitWith } from './testing/wallet-kit.js';
import type { WalletVenue } from './testing/wallet-venue.js';

let venue: WalletVenue;
const bench = benchFor(kitWith({}, (started) => (venue = started)));
const keys = testMessageKeys('ledger');

/** Within what one signature may pay, and more than the wallet has: it waits without a nonce. */
const MORE_THAN_THERE_IS = '999000';
/** No withdrawal ends before its customer may wait this long. */
const A_WHILE_MS = 1_500;

describe('a withdrawal of our own wallet that ends without a payment', () => {
  afterEach(() => venue.signer.proxy.admit());

  it('is told once the signer has closed it, and not while the signer is away', async () => {
    const connector = await bench.connector();
    const order = orderOf('ETH.ETH', MORE_THAN_THERE_IS);
    await connector.submit([order]);
    venue.signer.proxy.refuse();

    await connector.cancel(order.withdrawalId);
    await new Promise((resolve) => setTimeout(resolve, A_WHILE_MS));
    expect((await connector.submission(order.withdrawalId))?.state).toBe('refused');
    expect(types(connector, order)).not.toContain('submission-refused');

    venue.signer.proxy.admit();
    await happens(connector, order, 'submission-refused');

    const ended = connector.events(order.withdrawalId).at(-1);
    if (ended?.type !== 'venue.submission-refused.v1') throw new Error(String(ended?.type));
    const { withdrawalId, digest = '', proof = '' } = ended.data;
    const [own, closed] = partsOfProof(proof);
    const here = { withdrawalId, digest, venue: 'wallet' };
    expect(verifyProof(keys.with('connector-evm'), { says: 'nothing moved', ...here }, own)).toBe(
      true,
    );
    expect(readClosed(keys.with('signer'), order.withdrawalId, closed)).toBe('unsigned');
    const [row] = await connector.database.query<{ nothing_moved: string }>(
      'SELECT nothing_moved FROM submission WHERE withdrawal_id = $1',
      [order.withdrawalId],
    );
    expect(row?.nothing_moved).toBe(proof);
  });

  it('whose time to begin is over ends as expired, and no signature was asked for', async () => {
    const connector = await bench.connector();
    const order = orderOf('ETH.ETH', MORE_THAN_THERE_IS);
    const soon = new Date(connector.database.clock.now().getTime() + 1_000);

    await connector.submit([order], soon.toISOString());

    await happens(connector, order, 'submission-refused');
    expect(connector.events(order.withdrawalId).at(-1)?.data).toMatchObject({ reason: 'expired' });
  });

  it('is never told in the words of somebody who has the login of this database', async () => {
    const connector = await bench.connector();
    const order = orderOf('ETH.ETH', MORE_THAN_THERE_IS);
    await connector.submit([order]);
    const data = { withdrawalId: order.withdrawalId, venue: 'wallet', reason: 'limit' };
    const proof = `test.${'A'.repeat(43)}`;
    const message = {
      topic: 'venue.wallet.events',
      key: order.withdrawalId,
      orderingKey: order.withdrawalId,
      headers: { ce_type: 'venue.submission-refused.v1' },
      value: JSON.stringify({ ...data, digest: 'a1'.repeat(32), proof }),
    };

    await connector.database.query(
      'INSERT INTO awaiting_signer (withdrawal_id, message) VALUES ($1, $2)',
      [order.withdrawalId, JSON.stringify(message)],
    );

    await eventually(async () =>
      expect(await connector.database.query('SELECT FROM awaiting_signer')).toEqual([]),
    );
    expect(types(connector, order)).toEqual([]);
  });
});
