import { randomUUID } from 'node:crypto';
import type { EntryDto, HoldOutcomesDto } from '@sluice/http-api';
import { givenLedgerApp } from '../testkit/given-ledger-app.js';
import {
  capture,
  givenAccount,
  givenLedger,
  place,
  release,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { anOrderedHold } from '../testkit/ordered-hold.js';

describe('the outcomes of a hold', () => {
  let ledger: TestLedger;
  let app: Awaited<ReturnType<typeof givenLedgerApp>>;
  let accountId: string;
  beforeAll(async () => {
    ledger = await givenLedger();
    app = await givenLedgerApp(ledger);
    accountId = await givenAccount(ledger, '100');
  });
  afterAll(async () => {
    await app.close();
    await ledger.close();
  });

  const outcomesOf = async (id: string) =>
    (await app.ask('GET', `/internal/holds/${id}/outcomes`)).body.data as HoldOutcomesDto;

  it('are what a capture books, line for line, and that a release books nothing', async () => {
    const hold = anOrderedHold(accountId);
    await ledger.run(hold);
    const { withdrawalId } = hold.data;
    const before = await ledger.database.query('SELECT * FROM balance ORDER BY account_id');

    const shown = await outcomesOf(withdrawalId);

    expect(shown).toMatchObject({
      hold: { withdrawal_id: withdrawalId, state: 'placed', amount: '21' },
      capture_refused: null,
      release: [],
      release_refused: null,
    });
    expect(await ledger.database.query('SELECT * FROM balance ORDER BY account_id')).toEqual(
      before,
    );
    expect(
      await ledger.database.query('SELECT 1 FROM journal_entry WHERE withdrawal_id = $1', [
        withdrawalId,
      ]),
    ).toEqual([]);
    const { recipientDigest: recipient, digest } = hold.data;
    const paid = capture(hold, '20', '1');
    await ledger.run({ ...paid, data: { ...paid.data, recipientDigest: recipient, digest } });
    const { body } = await app.ask('GET', `/internal/withdrawals/${withdrawalId}/entries`);
    expect(shown.capture).toHaveLength(3);
    expect((body.data as EntryDto[])[0]?.postings).toEqual(shown.capture);
    expect(await outcomesOf(withdrawalId)).toMatchObject({
      hold: { state: 'captured' },
      release: [],
      release_refused: 'already_captured',
    });
  });

  it('name no booking of a payment whose venue is not known', async () => {
    const hold = place(accountId, '5');
    await ledger.run(hold);

    expect(await outcomesOf(hold.data.withdrawalId)).toMatchObject({
      capture: [],
      capture_refused: 'venue_unknown',
      release_refused: null,
    });
  });

  it('say why a hold that has ended books nothing more', async () => {
    const hold = place(accountId, '5');
    await ledger.run(hold, release(hold));

    expect(await outcomesOf(hold.data.withdrawalId)).toMatchObject({
      hold: { state: 'released' },
      capture: [],
      release: [],
      release_refused: null,
    });
  });

  it('are of a hold alone', async () => {
    expect((await app.ask('GET', `/internal/holds/${randomUUID()}/outcomes`)).status).toBe(404);
  });
});
