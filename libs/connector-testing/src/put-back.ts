import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { ConnectorConfig } from '@sluice/connector-engine';
import type { Logger } from '@sluice/service-shell';
import { byTwo, eventually } from '@sluice/test-kit';
import { withClient } from '@sluice/test-servers';
import { benchFor } from './connector-bench.js';
import type { ConnectorKit } from './connector-kit.js';
import type { TestConnector } from './test-connector.js';
import type { ContractOrder } from './venue-adapter-contract.js';

const PATIENCE = { withinMs: 15_000 };
const TIMES = 7;
const BOTH_WAYS = [
  ['with their triggers', false],
  ['without their triggers', true],
] as const;

interface PutBackForm {
  order(amount: string): ContractOrder;
  amount(n: number): string;
}

/** Test suite: the owner of the tables puts a paid order back as unsent. The order is paid once. */
export function describePutBackRows<Config extends ConnectorConfig>(
  kit: ConnectorKit<Config>,
  form: PutBackForm,
): void {
  describe('rows of a paid order put back by the owner of the tables', () => {
    // forms without a key find the payment at the next reading
    const recordIntervalMs = 3_000;
    const bench = benchFor<Config>({
      ...kit,
      config: (credentials) => ({ ...kit.config(credentials), recordIntervalMs }),
    });
    let n = 0;
    const next = (): ContractOrder => form.order(form.amount(++n));
    const settled = async (connector: TestConnector): Promise<ContractOrder> => {
      const order = next();
      await connector.submit([order]);
      await reaches(connector, order, 'settled');
      return order;
    };
    const paidOnce = async ({ amount }: ContractOrder): Promise<void> =>
      expect(await bench.payments(amount)).toHaveLength(1);
    const lift = async (connector: TestConnector): Promise<void> => {
      await connector.takeBreaks(); // a removed payment changes the expected balance
      for (const { id } of await connector.halts.inForce())
        await byTwo((caller) => connector.halts.lift(id, 'a test', caller));
    };
    const halted = (connector: TestConnector, reason: string): Promise<void> =>
      eventually(
        async () =>
          expect((await connector.halts.inForce()).map((halt) => halt.reason)).toContain(reason),
        PATIENCE,
      );

    it.each(BOTH_WAYS)(
      'are not sent again by the process that sent the order, seven times, %s',
      async (_how, isSilent) => {
        const database = await bench.database();
        const connector = await bench.connector({}, database);
        const order = await settled(connector);

        for (let time = 0; time < TIMES; time++) {
          await putBack(database, order, isSilent);
          for (let check = 0; check < 10; check++) {
            await lift(connector);
            await paidOnce(order);
            await sleep(150);
          }
        }

        const halts = await connector.database.query(
          `SELECT FROM halt WHERE reason = 'rows_put_back'`,
        );
        expect(halts).not.toEqual([]);
        await bench.end(connector);
      },
    );

    it('end neither at a deadline nor by a cancel', async () => {
      const database = await bench.database();
      const connector = await bench.connector({}, database);
      const order = await settled(connector);

      // With the seal of an earlier look-up, the next look-up would follow after a minute.
      await putBack(database, order, true, `, "cancel_state": "wished", "unsent_seal": ""`);

      await halted(connector, 'rows_put_back');
      await reaches(connector, order, 'settled');
      await paidOnce(order);
      await bench.end(connector);
    });

    it('are looked up first by a process started later', async () => {
      const database = await bench.database();
      const first = await bench.connector({}, database);
      const order = await settled(first);
      await bench.end(first);
      const connector = await bench.connector({}, database);

      await putBack(database, order, true);

      await reaches(connector, order, 'settled');
      await paidOnce(order);
      await bench.end(connector);
    });

    it('are not sent by another instance, because the numbers of the attempts have a gap', async () => {
      const database = await bench.database();
      const instances = [
        await bench.connector({}, database),
        await bench.connector({}, database),
      ] as const;
      const order = await settled(instances[0]);

      await putBack(database, order, true);

      await eventually(
        async () => expect(await instances[0].halts.inForce()).not.toEqual([]),
        PATIENCE,
      );
      await paidOnce(order);
      for (const instance of instances) await bench.end(instance);
    });

    it('halt the venue when the counter of the attempts is put back', async () => {
      const connector = await bench.connector();
      await settled(connector);
      await connector.database.query('UPDATE sending SET last = 0');
      const order = next();

      await connector.submit([order]);

      await halted(connector, 'attempts_missing');
      expect(await bench.payments(order.amount)).toHaveLength(0);
      await bench.end(connector);
    });
  });
}

/** `change`: further columns of the inserted row, as JSON after the first columns. */
async function putBack(
  database: string,
  { withdrawalId }: ContractOrder,
  isSilent: boolean,
  change = '',
): Promise<void> {
  await withClient(database, async (client) => {
    await client.query('BEGIN');
    if (isSilent) await client.query('SET LOCAL session_replication_role = replica');
    // The lock keeps the connector from opening a case between the two deletions.
    const { rows } = await client.query<{ old: object }>(
      'SELECT row_to_json(s) AS old FROM submission s WHERE withdrawal_id = $1 FOR UPDATE',
      [withdrawalId],
    );
    for (const table of ['decision', 'submission_case', 'former_attempt', 'submission'])
      await client.query(`DELETE FROM ${table} WHERE withdrawal_id = $1`, [withdrawalId]);
    await client.query(
      `INSERT INTO submission OVERRIDING SYSTEM VALUE
       SELECT r.* FROM json_populate_record(NULL::submission, ($1::jsonb || $2::jsonb)::json) r`,
      [JSON.stringify(rows[0]?.old), `{${UNSENT}${change}}`],
    );
    await client.query(`UPDATE submission SET next_action_at = now() WHERE withdrawal_id = $1`, [
      withdrawalId,
    ]);
    await client.query('COMMIT');
  });
}

/** The row as it was before its first attempt. */
const UNSENT = `
  "state": "prepared", "attempt": 1, "resends": 0, "lookup_first": false, "unconfirmed": false, "gross": null,
  "venue_reference": null, "tx_hash": null, "venue_fee": null, "reason": null, "cancel_state": null, "cancel_reason": null,
  "lease_owner": null, "lease_token": null, "lease_until": null, "submitted_at": null, "given_up_at": null,
  "empty_lookups": 0, "covering_lookups": 0, "possible_records": null, "unknown_published": false, "accepted_at": null, "finished_at": null,
  "refusal": null, "venue_time": null, "last_venue_time": null, "listed_at": null, "not_listed_at": null,
  "begun": null, "attempt_state": null, "attempt_reference": null, "request": null, "request_seal": null, "attempt_gross": null,
  "evidence": null, "attempt_token": null, "intended_at": null, "attempt_venue_time": null, "serial_number": null, "halt_seen": null,
  "put_back_at": null, "answered_at": null, "response_status": null, "response_body": null, "cause": null, "nothing_moved_seal": null`;

/** The event types of an order, without their prefix and version. */
export function types(connector: TestConnector, { withdrawalId }: ContractOrder): string[] {
  return connector.events(withdrawalId).map(({ type }) => type.replace(/^venue\.|\.v1$/g, ''));
}

export async function stateOf(
  connector: TestConnector,
  { withdrawalId }: ContractOrder,
): Promise<string | undefined> {
  return (await connector.submission(withdrawalId))?.state;
}

export function happens(
  connector: TestConnector,
  order: ContractOrder,
  type: string,
): Promise<void> {
  return eventually(() => expect(types(connector, order)).toContain(type), PATIENCE);
}

export function reaches(
  connector: TestConnector,
  order: ContractOrder,
  state: string,
): Promise<void> {
  return eventually(async () => expect(await stateOf(connector, order)).toBe(state), PATIENCE);
}

interface LogLine {
  readonly level: string;
  readonly text: string;
  readonly fields: object;
}

export function keptLog(): { readonly logger: Logger; readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const write = (line: string): void => {
    const { level, msg, ...fields } = JSON.parse(line) as { level: number; msg: string };
    lines.push({ level: pino.levels.labels[level] ?? '', text: msg, fields });
  };
  return { logger: pino({ level: 'debug' }, { write }), lines };
}
