import { randomUUID } from 'node:crypto';
import { type Database, Outbox, UnitOfWork } from '@sluice/postgres';
import { testMessageKeys } from '@sluice/test-kit';
import { givenAuditor } from '../testkit/given-auditor.js';
import {
  type FollowedVenueEvent,
  JUDGE_REFUSED_COMMANDS,
  JUDGE_RELEASES,
  VenueEventsConsumer,
} from './venue-events.consumer.js';
import { FactWrites } from '../writes/fact-writes.js';
import { LedgerEventsConsumer } from './ledger-events.consumer.js';
import type { FollowedEvent } from '../writes/ledger-facts.js';

const [DIGEST, OTHER] = ['a'.repeat(64), 'b'.repeat(64)];
const MINUTE_MS = 60_000;

let owner: Database;
let service: Database;
let ledger: LedgerEventsConsumer;
let connectors: VenueEventsConsumer;
beforeEach(async () => {
  ({ owner, service } = await givenAuditor());
  const writes = new FactWrites(new UnitOfWork(service, 'auditor', new Outbox(service)));
  [ledger, connectors] = [
    new LedgerEventsConsumer(writes, testMessageKeys('auditor')),
    new VenueEventsConsumer(writes),
  ];
  for (const minutes of [9, 6, 3, 0]) await reports(minutes);
});
afterEach(() => Promise.all([owner.close(), service.close()]));

const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS).toISOString();
const published = (type: FollowedEvent['type'], data: object, minutes = 0) => {
  const event: object = { id: '1', source: 'ledger', time: ago(minutes), type, data };
  return ledger.onBatch([event as FollowedEvent]);
};
const stated = (type: FollowedVenueEvent['type'], data: object, minutes = 0) => {
  const event: object = { id: '1', source: 'connector', time: ago(minutes), type, data };
  return connectors.store('a', [event as FollowedVenueEvent]);
};
/** The connector's report of each minute. */
const reports = (minutes: number) => stated('venue.paid.v1', { withdrawalIds: [] }, minutes);

/** A hold placed a minute ago, which the ledger releases. */
async function released(of: object = { venue: 'a', digest: DIGEST }): Promise<string> {
  const withdrawalId = randomUUID();
  const hold = { withdrawalId, accountId: randomUUID(), asset: 'USDT.ETH', amount: '5' };
  await published('ledger.hold-placed.v1', { ...hold, ...of }, 1);
  await published('ledger.hold-released.v1', hold);
  return withdrawalId;
}

async function findings(known = new Date(Date.now() + MINUTE_MS)): Promise<readonly string[]> {
  for (const sql of [JUDGE_RELEASES, JUDGE_REFUSED_COMMANDS]) await service.query(sql, [known]);
  const rows = await owner.query<{ found: string }>(
    `SELECT kind || ' ' || scope || ' ' || subject AS found FROM finding ORDER BY id`,
  );
  return rows.map(({ found }) => found);
}

describe('the release of a hold', () => {
  it.each(['venue.submission-refused.v1', 'venue.withdrawal-failed.v1'] as const)(
    'is proven by %s of the venue that was allowed to pay',
    async (type) => {
      const withdrawalId = await released();
      await stated(type, { withdrawalId, digest: DIGEST, proof: 'x' });

      expect(await findings()).toEqual([]);
      expect(
        await owner.query('SELECT FROM audited_withdrawal WHERE release_judged_at IS NULL'),
      ).toEqual([]);
    },
  );

  it('is a finding without such a statement, once', async () => {
    const withdrawalId = await released();

    expect(await findings()).toEqual([`released_without_proof account ${withdrawalId}`]);
    expect(await findings()).toHaveLength(1);
  });

  it('is not proven without proof, by another order, or by a venue that was not to pay', async () => {
    const [one, two, three] = [await released(), await released(), await released()];
    const type = 'venue.submission-refused.v1';
    await stated(type, { withdrawalId: one, digest: DIGEST });
    await stated(type, { withdrawalId: two, digest: OTHER, proof: 'x' });
    await service.query(
      `INSERT INTO audited_refusal (withdrawal_id, venue, digest, refused_at) VALUES ($1, 'b', $2, now())`,
      [three, DIGEST],
    );

    expect(await findings()).toHaveLength(3);
  });

  it('waits until every message from before the release is stored', async () => {
    const withdrawalId = await released();
    expect(await findings(new Date(Date.now() - MINUTE_MS))).toEqual([]);
    await stated('venue.submission-refused.v1', { withdrawalId, digest: DIGEST, proof: 'x' });

    expect(await findings()).toEqual([]);
  });

  it('needs no statement without a venue, and without a digest', async () => {
    await released({ digest: DIGEST });
    await released({ venue: 'a' });

    expect(await findings()).toEqual([]);
  });

  it('is not judged while the connector signs nothing for the auditor', async () => {
    await owner.query(`UPDATE audited_connector SET signed_until = now() - interval '2 minutes'`);
    await released();
    expect(await findings()).toEqual([]);
    await reports(0);
    expect(await findings()).toHaveLength(1);

    await owner.query(
      `UPDATE audited_connector SET signed_since = now() - interval '30 minutes', signed_until = now() - interval '20 minutes'`,
    );
    await reports(0);
    await released();
    expect(await findings()).toHaveLength(1);
  });

  it('without an event is found by the refused capture of the hold', async () => {
    const withdrawalId = randomUUID();
    const accountId = randomUUID();
    const refused = { accountId, withdrawalId, commandId: 'c', command: 'ledger.capture-hold.v1' };
    await published('ledger.hold-placed.v1', {
      withdrawalId,
      accountId,
      asset: 'USDT.ETH',
      amount: '5',
    });
    await published('ledger.command-refused.v1', { ...refused, reason: 'hold_mismatch' });
    expect(await findings()).toEqual([]);

    for (let time = 0; time < 2; time++)
      await published('ledger.command-refused.v1', { ...refused, reason: 'already_released' });

    expect(await findings()).toEqual([`released_without_proof account ${withdrawalId}`]);
    expect(await findings()).toHaveLength(1);
  });

  it('is no finding if the hold waited for people and was never placed', async () => {
    const hold = { withdrawalId: randomUUID(), accountId: randomUUID(), asset: 'USDT.ETH' };
    const of = { ...hold, amount: '5', digest: DIGEST };
    await published('ledger.approval-asked.v1', { ...of, venue: 'a' }, 1);
    await published('ledger.hold-released.v1', of);
    await published('ledger.command-refused.v1', {
      ...hold,
      commandId: 'c',
      command: 'ledger.release-hold.v1',
      reason: 'already_released',
    });
    const ended = { ...of, withdrawalId: randomUUID(), reason: 'approval_expired' };
    await published('ledger.approval-ended.v1', ended);

    expect(await findings()).toEqual([]);
    expect(await owner.query('SELECT FROM audited_withdrawal')).toEqual([]);
    expect(await owner.query('SELECT FROM audited_movement')).toEqual([]);
  });

  it('is no finding if a command is refused after an event of the release', async () => {
    const withdrawalId = await released();
    await stated('venue.submission-refused.v1', { withdrawalId, digest: DIGEST, proof: 'x' });
    await published('ledger.command-refused.v1', {
      accountId: randomUUID(),
      withdrawalId,
      commandId: 'c',
      command: 'ledger.capture-hold.v1',
      reason: 'already_released',
    });

    expect(await findings()).toEqual([]);
  });
});

describe('the return of a payment', () => {
  const balances = () =>
    owner.query<{ balance: string }>(
      `SELECT trim_scale(balance)::text AS balance FROM audited_account WHERE asset = 'USDT.ETH'`,
    );

  it('counts once, on the statement of the venue that paid, and not on the word of the ledger', async () => {
    const withdrawalId = randomUUID();
    const hold = { withdrawalId, accountId: randomUUID(), asset: 'USDT.ETH', amount: '5' };
    await published('ledger.hold-placed.v1', { ...hold, venue: 'a', digest: DIGEST }, 1);
    await published('ledger.hold-captured.v1', { ...hold, fee: '0', entryId: 'e' });
    const returned = { withdrawalId, asset: 'USDT.ETH', amount: '4', digest: DIGEST, proof: 'x' };

    await published('ledger.payment-returned.v1', { ...hold, venue: 'a', entryId: 'f' });
    await stated('venue.withdrawal-returned.v1', { ...returned, proof: undefined });
    await stated('venue.withdrawal-returned.v1', { ...returned, digest: OTHER });
    await stated('venue.withdrawal-returned.v1', { ...returned, amount: '6' });
    expect(await balances()).toEqual([{ balance: '-5' }]);

    for (let time = 0; time < 2; time++) await stated('venue.withdrawal-returned.v1', returned);
    expect(await balances()).toEqual([{ balance: '-1' }]);
  });
});
