import { randomUUID } from 'node:crypto';
import { eventually } from '@sluice/test-kit';
import { WalletRig, type WalletOrder } from '../testing/wallet-rig.js';

/** Real processes on a busy machine. */
const SLOW = 240_000;

let rig: WalletRig;
afterEach(() => rig.stop());

/** The row of the submission as JSON. */
async function submissionRow({ withdrawalId }: WalletOrder): Promise<object> {
  const [row] = await rig.rows<{ row: object }>(
    'SELECT to_jsonb(s) AS row FROM submission s WHERE withdrawal_id = $1',
    [withdrawalId],
  );
  if (!row) throw new Error('the submission is missing');
  return row.row;
}

/** Puts the older row back and hides the used nonce from the connector, as PostgreSQL's superuser. */
async function putBack({ withdrawalId }: WalletOrder, older: object): Promise<void> {
  await rig.rows(
    `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)),
          hidden AS (UPDATE nonce SET withdrawal_id = $2 FROM off WHERE withdrawal_id = $1 RETURNING 1),
          unsent AS (DELETE FROM former_attempt USING off WHERE withdrawal_id = $1 RETURNING 1),
          gone AS (DELETE FROM submission USING off WHERE withdrawal_id = $1 RETURNING 1)
     SELECT count(*) FROM hidden, unsent, gone`,
    [withdrawalId, randomUUID()],
  );
  await rig.rows(
    'INSERT INTO submission OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::submission, $1)',
    [JSON.stringify({ ...older, lookup_first: false, next_action_at: new Date().toISOString() })],
  );
}

describe('a used nonce that the superuser of PostgreSQL gives to another withdrawal', () => {
  it(
    'pays no second time, although the older row of the submission is back; the signer halts and reports',
    async () => {
      rig = await WalletRig.start();
      const order = rig.order('USDT.ETH', '31');
      rig.signer.proxy.refuse();
      await rig.submit(order);
      const older = await submissionRow(order);
      rig.signer.proxy.admit();
      await rig.reaches(order, 'settled');
      expect(await rig.received(order)).toBe(order.units);

      await rig.signer.runs('UPDATE signed_nonce SET withdrawal_id = $2 WHERE withdrawal_id = $1', [
        order.withdrawalId,
        randomUUID(),
      ]);
      await putBack(order, older);

      await rig.looks(20);
      await rig.chain.mine(8);
      expect(await rig.received(order)).toBe(order.units);
      await eventually(
        async () => expect(await rig.signer.metric('sluice_signer_records_altered')).toBe(1),
        { withinMs: 30_000 },
      );
      await rig.looks(8);
      await rig.chain.mine(8);
      expect(await rig.received(order)).toBe(order.units);
      expect((await rig.submission(order))?.state).toBe('prepared');
    },
    SLOW,
  );
});
