import type { ConnectorConfig } from '@sluice/connector-engine';
import { randomUUIDv7 } from 'node:crypto';
import { byTwo, eventually } from '@sluice/test-kit';
import { withClient } from '@sluice/test-servers';
import type { ContractOrder } from './venue-adapter-contract.js';
import { benchFor } from './connector-bench.js';
import type { ConnectorKit } from './connector-kit.js';
import type { TestConnector } from './test-connector.js';
import { happens } from './put-back.js';

/** Payment form of a venue, driven by the restore tests. */
interface RestoreForm {
  readonly name: string;
  /** The venue's records carry our reference. */
  readonly carriesReference: boolean;
  order(amount: string): ContractOrder;
  amount(n: number): string;
}

interface Marked {
  readonly order: ContractOrder;
  readonly reference: string;
}

const PATIENCE = { withinMs: 15_000 };
const minutesFromNow = (minutes: number): string =>
  new Date(Date.now() + minutes * 60_000).toISOString();

/** Test suite: a database is restored to before some payments, and no order is paid twice. */
export function describeRestores<Config extends ConnectorConfig>(
  kit: ConnectorKit<Config>,
  forms: readonly RestoreForm[],
): void {
  describe.each(forms.map((form) => [form.name, form] as const))(
    'databases restored to an earlier moment, %s',
    (_name, form) => {
      const bench = benchFor(kit);
      let n = 0;
      const marked = (): Marked => ({
        order: form.order(form.amount(++n)),
        reference: referenceOf(n),
      });
      const submit = (
        connector: TestConnector,
        { order, reference }: Marked,
        orderedAt?: string,
      ): Promise<void> =>
        connector.submit([order], null, {
          clientReference: reference,
          ...(orderedAt !== undefined && { orderedAt }),
        });
      const paidOnce = async (orders: readonly Marked[]): Promise<void> => {
        for (const { order } of orders) expect(await bench.payments(order.amount)).toHaveLength(1);
      };

      /** Pays three orders after the copy `before` was taken. */
      const restored = async (): Promise<{ before: string; paid: readonly Marked[] }> => {
        const database = await bench.database();
        await bench.end(await payAll(await bench.connector({}, database), [marked()]));
        const before = await bench.database(database);
        const paid = [marked(), marked(), marked()];
        await bench.end(await payAll(await bench.connector({}, database), paid));
        return { before, paid };
      };
      const payAll = async (
        connector: TestConnector,
        orders: readonly Marked[],
      ): Promise<TestConnector> => {
        for (const one of orders) await submit(connector, one);
        for (const { order } of orders) await happens(connector, order, 'withdrawal-settled');
        return connector;
      };

      it('all databases, and clients repeat requests with their references: an order is followed if the record contains the reference, otherwise a person decides', async () => {
        const { before, paid } = await restored();
        const connector = await bench.connector({}, before);
        const again = paid.map(({ order, reference }) => ({
          reference,
          order: { ...order, withdrawalId: randomUUIDv7() },
        }));

        // well after the payments
        for (const one of again) await submit(connector, one, minutesFromNow(1));

        if (form.carriesReference)
          for (const { order } of again) await happens(connector, order, 'withdrawal-settled');
        else await decidedByPerson(connector, again);
        await paidOnce(paid);
      });

      it('only the database of a connector, with the group reset to the earliest record: every order is looked up before it is sent, and followed', async () => {
        const { before, paid } = await restored();
        const connector = await bench.connector({}, before);

        for (const one of paid) await submit(connector, one, minutesFromNow(-60));

        for (const { order } of paid) await happens(connector, order, 'withdrawal-settled');
        await paidOnce(paid);
      });

      it('only the database of a connector, with orders sent later or in flight: the orders are followed to their end', async () => {
        const database = await bench.database();
        const first = await bench.connector({}, database);
        const halt = await first.halts.open({
          by: 'a test',
          details: 'orders are held back',
          scope: 'venue',
          target: null,
        });
        const orders = [marked(), marked()];
        for (const one of orders) await submit(first, one);
        await bench.end(first);
        const before = await bench.database(database);
        const onwards = await bench.connector({}, database);
        await byTwo((caller) => onwards.halts.lift(halt.id, 'goes on', caller));
        for (const { order } of orders) await happens(onwards, order, 'withdrawal-settled');
        await bench.end(onwards);

        const connector = await bench.connector({}, before);
        await byTwo((caller) => connector.halts.lift(halt.id, 'goes on', caller));

        for (const { order } of orders) await happens(connector, order, 'withdrawal-settled');
        await paidOnce(orders);
      });

      it('an unsent order with a cancellation or a deadline before its look-up: the order is followed, not given up', async () => {
        const database = await bench.database();
        const first = await bench.connector({}, database);
        const all = { by: 'a test', details: 'holds back', scope: 'all', target: null } as const;
        const halt = await first.halts.open(all);
        const [cancelled, late] = [marked(), marked()];
        await submit(first, cancelled);
        await submit(first, late);
        await bench.end(first);
        const before = await bench.database(database);
        const onwards = await bench.connector({}, database);
        await byTwo((caller) => onwards.halts.lift(halt.id, 'goes on', caller));
        for (const { order } of [cancelled, late])
          await happens(onwards, order, 'withdrawal-settled');
        await bench.end(onwards);
        await withClient(before, async (client) => {
          await client.query(`UPDATE heartbeat SET alive_at = alive_at - interval '1 minute'`);
          await client.query(
            `UPDATE submission SET not_after = now() - interval '1 second' WHERE withdrawal_id = $1`,
            [late.order.withdrawalId],
          );
        });

        const connector = await bench.connector({}, before);
        await connector.cancel(cancelled.order.withdrawalId);

        for (const { order } of [cancelled, late])
          await happens(connector, order, 'withdrawal-settled');
        await paidOnce([cancelled, late]);
      });

      /** The connector halts because of unknown payments; a person names each order's record. */
      const decidedByPerson = async (
        connector: TestConnector,
        orders: readonly Marked[],
      ): Promise<void> => {
        const { halts } = connector;
        await eventually(
          async () => expect(await halts.inForce()).toMatchObject([{ reason: 'orphan' }]),
          PATIENCE,
        );
        for (const { id } of await halts.inForce())
          await byTwo((caller) => halts.lift(id, 'every record was checked', caller));
        for (const { order } of orders) {
          await happens(connector, order, 'submission-unknown');
          const [payment] = await bench.payments(order.amount);
          await connector.decide(order.withdrawalId, {
            decision: 'paid',
            evidence: 'the same order',
            venueReference: payment?.id ?? '',
          });
          await happens(connector, order, 'withdrawal-settled');
        }
      };
    },
  );
}

/** Reference in the format derived by intake-api from the client's own reference. */
function referenceOf(n: number): string {
  return `c${randomUUIDv7().replaceAll('-', '').slice(-20)}${String(n).padStart(2, '0')}1`;
}
