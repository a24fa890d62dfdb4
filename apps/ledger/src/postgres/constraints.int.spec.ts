import { HOLD_COLUMNS } from '@sluice/http-api';
import { recordColumns } from '@sluice/postgres';
import { CHART, HOLD_STATES } from '@sluice/ledger-core';
import {
  capture,
  entryOf,
  givenAccount,
  givenLedger,
  place,
  release,
  reverse,
  transfer,
  withVenueFee,
  type TestLedger,
} from '../testkit/given-ledger.js';

const PLACE = 'shard, sequence, key_id, mac';
/** A place in no chain. */
const UNPLACED = `-1, 1, '', ''`;

describe('the database itself', () => {
  let ledger: TestLedger;
  let accountId: string;
  beforeAll(async () => {
    ledger = await givenLedger();
    accountId = await givenAccount(ledger, '100');
    const [paid, failed] = [place(accountId, '10'), place(accountId, '10')];
    await ledger.run(paid, failed, capture(paid, '10'), release(failed), place(accountId, '10'));
    const charged = place(accountId, '10');
    await ledger.run(charged, withVenueFee(capture(charged, '10'), '0.4'));
    const [moved] = await ledger.run(transfer(accountId, 'suspense', 'fee-income', '1'));
    await ledger.run(reverse(accountId, entryOf(moved)));
  });
  afterAll(() => ledger.close());

  const entry = (lines: { accounts?: string; assets?: string; amounts?: string }) => {
    const {
      accounts = '{customer:x,funding}',
      assets = '{USDT.ETH,USDT.ETH}',
      amounts = '{5,-5}',
    } = lines;
    return `INSERT INTO journal_entry (id, kind, account_id, reference, recorded_at, accounts, assets, amounts, ${PLACE})
            VALUES (uuidv7(), 'funding', gen_random_uuid(), 'r', now(), '${accounts}', '${assets}', '${amounts}', ${UNPLACED})`;
  };

  it.each([
    ['more held than posted', () => 'UPDATE balance SET held = posted + 1', 'balance_covers_holds'],
    ['less than nothing held', () => 'UPDATE balance SET held = -1', 'balance_covers_holds'],
    [
      'a capture beyond its hold',
      () => `UPDATE hold SET captured = amount + 1 WHERE state = 'captured'`,
      'hold_state',
    ],
    [
      'a captured hold without its entry',
      () => `UPDATE hold SET entry_id = NULL WHERE state = 'captured'`,
      'hold_state',
    ],
    [
      'a venue fee of a hold that was not captured',
      () => `UPDATE hold SET venue_fee = 1 WHERE state = 'placed'`,
      'hold_state',
    ],
    [
      'a venue fee of nothing',
      () => `UPDATE hold SET venue_fee = 0 WHERE state = 'captured'`,
      'hold_state',
    ],
    [
      'an unknown state of a hold',
      () => `UPDATE hold SET state = 'lost' WHERE state = 'placed'`,
      'hold_state',
    ],
    [
      'an expiry after the submission has started',
      () =>
        `UPDATE hold SET state = 'expired', closed_at = now(), submission_started_at = now() WHERE state = 'placed'`,
      'hold_state',
    ],
    [
      'a due time of a captured hold',
      () => `UPDATE hold SET expires_at = now() WHERE state = 'captured'`,
      'hold_state',
    ],
    [
      'a reversal without a reason',
      () =>
        `INSERT INTO journal_entry (id, kind, account_id, recorded_at, accounts, assets, amounts, ${PLACE})
         VALUES (gen_random_uuid(), 'reversal', gen_random_uuid(), now(), '{suspense,suspense}', '{USDT.ETH,USDT.ETH}', '{1,-1}', ${UNPLACED})`,
      'entry_kind',
    ],
    [
      'a reversal of no entry',
      () =>
        `INSERT INTO journal_entry (id, kind, account_id, recorded_at, reverses, reason, accounts, assets, amounts, ${PLACE})
         VALUES (gen_random_uuid(), 'reversal', gen_random_uuid(), now(), gen_random_uuid(), 'r', '{suspense,suspense}', '{USDT.ETH,USDT.ETH}', '{1,-1}', ${UNPLACED})`,
      'reversal of no entry',
    ],
    [
      'a reversal of lines that no entry has',
      () =>
        `INSERT INTO journal_entry (${REVERSAL}, reference) ${reversalOf('funding', 'another')}`,
      'entry_kind',
    ],
    [
      'a reversal of the fee lines of an entry that is no capture',
      () =>
        `INSERT INTO journal_entry (${REVERSAL}, reference) ${reversalOf('funding', 'venue_fee')}`,
      'reversal of no entry',
    ],
    [
      'a later venue fee without a reference beside that of the capture',
      () => laterFee(''),
      'has the venue fee',
    ],
    [
      'a corrected venue fee while that of the capture stands',
      () => laterFee('corrected'),
      'has the venue fee',
    ],
    [
      'a changed posting',
      () => 'UPDATE journal_entry SET amounts[1] = 1',
      'the journal only grows',
    ],
    ['a deleted entry', () => 'DELETE FROM journal_entry', 'the journal only grows'],
    ['an emptied journal', () => 'TRUNCATE journal_entry', 'the journal only grows'],
    [
      'an entry that is off in one asset of two, although the sum of all lines is 0',
      () => entry({ assets: '{USDT.ETH,BTC.BTC}' }),
      'entry_balances',
    ],
    [
      'an entry without lines',
      () => entry({ accounts: '{}', assets: '{}', amounts: '{}' }),
      'entry_has_lines',
    ],
    [
      'an entry of one line',
      () => entry({ accounts: '{funding}', assets: '{BTC.BTC}', amounts: '{0}' }),
      'entry_has_lines',
    ],
    [
      'a line without an asset',
      () => entry({ accounts: '{suspense,funding,suspense,funding}', amounts: '{5,-5,1,-1}' }),
      'entry_has_lines',
    ],
    [
      'a line without an amount',
      () =>
        entry({
          accounts: '{suspense,funding,suspense}',
          assets: '{B.B,B.B,B.B}',
          amounts: '{5,-5,NULL}',
        }),
      'entry_has_lines',
    ],
    ['a line without an account', () => entry({ accounts: '{funding,NULL}' }), 'entry_has_lines'],
    [
      'a line of nothing',
      () =>
        entry({
          accounts: '{customer:x,funding,suspense}',
          assets: '{B.B,B.B,B.B}',
          amounts: '{5,-5,0}',
        }),
      'posting_not_zero',
    ],
    ['a line that is no number', () => entry({ amounts: '{NaN,5}' }), 'entry_balances'],
    [
      'a line of another chart',
      () => entry({ accounts: '{customer:x,petty-cash}' }),
      'posting_in_chart',
    ],
    [
      'a line with two accounts in one name',
      () => entry({ accounts: '{"customer:x,funding",suspense}' }),
      'posting_in_chart',
    ],
    [
      'a second funding by one reference, and a second reversal of an entry: what happens once',
      () =>
        `INSERT INTO entry_key SELECT kind, subject, reference, gen_random_uuid(), account_id, asset, amount, from_account, to_account FROM entry_key`,
      'entry_once',
    ],
    [
      'a second entry of a number in a chain',
      () =>
        `INSERT INTO journal_entry SELECT uuidv7(), kind, account_id, withdrawal_id, 'another', now(), reverses, reason, effective_at, accounts, assets, amounts, ${PLACE} FROM journal_entry WHERE kind = 'funding'`,
      'shard_sequence_idx',
    ],
    [
      'an entry outside of every chain',
      () =>
        `INSERT INTO journal_entry SELECT uuidv7(), kind, account_id, withdrawal_id, 'another', now(), reverses, reason, effective_at, accounts, assets, amounts FROM journal_entry WHERE kind = 'funding'`,
      'violates not-null constraint',
    ],
    [
      'a second capture of a withdrawal',
      () =>
        `INSERT INTO journal_entry SELECT uuidv7(), kind, account_id, withdrawal_id, reference, now(), reverses, reason, effective_at, accounts, assets, amounts, ${UNPLACED} FROM journal_entry WHERE kind = 'capture'`,
      'withdrawal_id_kind_reverses_reference_idx',
    ],
  ])('refuses %s', async (_what, sql, message) => {
    await expect(ledger.database.query(sql())).rejects.toThrow(message);
  });

  it('refuses an entry that does not balance, and takes the same one when it does', async () => {
    await expect(ledger.database.query(entry({ amounts: '{5,-4}' }))).rejects.toThrow(
      'entry_balances',
    );
    await expect(ledger.database.query(entry({ amounts: '{5,-5}' }))).resolves.toEqual([]);
  });

  it('knows the same columns of a hold as the code', async () => {
    const { declared, stored } = await recordColumns(ledger.database, 'hold', HOLD_COLUMNS);
    expect(declared).toEqual(stored);
  });

  it('knows the same states of a hold as the code', async () => {
    const [row] = await ledger.database.query<{ text: string }>(
      `SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = 'hold_state' AND conrelid = 'hold'::regclass`,
    );
    const states = [...(row?.text ?? '').matchAll(/WHEN '([a-z]+)'/g)].map((match) => match[1]);
    expect(states.sort()).toEqual([...HOLD_STATES].sort());
  });

  it('knows the same chart of accounts as the code', async () => {
    const [row] = await ledger.database.query<{ text: string }>(
      `SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = 'posting_in_chart'`,
    );
    const names = /\^\(\(([a-z|-]+)\)/.exec(row?.text ?? '')?.[1]?.split('|') ?? [];
    expect(names.sort()).toEqual(Object.keys(CHART).sort());
  });
});

const REVERSAL =
  'id, kind, account_id, recorded_at, reverses, reason, accounts, assets, amounts, shard, sequence, key_id, mac';

function reversalOf(kind: string, lines: string): string {
  return `SELECT uuidv7(), 'reversal', account_id, now(), id, 'r', accounts, assets, amounts, ${UNPLACED}, '${lines}'
            FROM journal_entry WHERE kind = '${kind}' LIMIT 1`;
}

function laterFee(reference: string): string {
  return `INSERT INTO entry_key SELECT 'venue_fee', withdrawal_id, '${reference}', uuidv7(), account_id, asset, 1, 'clearing:gateio', 'venue-fee:gateio'
            FROM hold WHERE venue_fee IS NOT NULL`;
}
