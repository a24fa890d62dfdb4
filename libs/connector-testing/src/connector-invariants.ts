import type { ConnectorConfig } from '@sluice/connector-engine';
import { byTwo, eventually } from '@sluice/test-kit';
import type { ContractOrder } from './venue-adapter-contract.js';
import { ConnectorBench } from './connector-bench.js';
import type { ConnectorKit } from './connector-kit.js';
import type { TestConnector } from './test-connector.js';

interface VenueInvariants<Config extends ConnectorConfig> {
  /** Returns two orders payable by the venue; `$1` of a planted statement is the first order's id. */
  orders(
    bench: ConnectorBench<Config>,
  ): Promise<readonly [ContractOrder, ContractOrder]> | readonly [ContractOrder, ContractOrder];
  /** Violations of the venue's own invariants, each of them at least once. */
  readonly planted: readonly (readonly [invariant: string, statement: string])[];
  /** Statements that no invariant may report, with the rule in words. */
  readonly allowed?: readonly (readonly [rule: string, statement: string])[];
}

/** Number of connector-engine's invariants. */
const OF_THE_RUNTIME = 11;
const STUCK = `INSERT INTO outbox (keys, messages, created_at) VALUES ('{x}', '[]', now() - interval '1 minute')`;

/** Test suite: every invariant is checked, and each of the venue's detects its planted violation. */
export function describeConnectorInvariants<Config extends ConnectorConfig>(
  kit: ConnectorKit<Config>,
  { orders, planted, allowed = [] }: VenueInvariants<Config>,
): void {
  describe('the invariants', () => {
    const bench = new ConnectorBench(kit);
    let connector: TestConnector;
    let id: string;

    beforeAll(() => bench.open());
    /** Settles two withdrawals and stops the workers, to keep a planted fault unchanged. */
    beforeEach(async () => {
      await bench.clear();
      connector = await bench.connector();
      const both = await orders(bench);
      id = both[0].withdrawalId;
      await connector.submit(both);
      await eventually(async () =>
        expect(
          await connector.database.query(`SELECT FROM submission WHERE state = 'settled'`),
        ).toHaveLength(2),
      );
      await connector.app.close();
    });
    afterEach(() => bench.endAll());
    afterAll(() => bench.close());

    const violated = async (statement: string): Promise<readonly string[]> => {
      await connector.database.query(statement, statement.includes('$1') ? [id] : []);
      const { violations } = await connector.invariants();
      return violations.map((violation) => violation.invariant.split(':', 1)[0] ?? '');
    };

    it("hold after payments and have checked some rows, the engine's and the venue's own", async () => {
      const own = new Set(planted.map(([invariant]) => invariant));
      const report = await connector.invariants();

      expect(report).toMatchObject({
        checked: OF_THE_RUNTIME + own.size,
        violations: [],
        populations: { settled: 2, attempts: 2 },
      });
    });

    it('of the engine detect a violation here as well', async () =>
      expect(await violated(STUCK)).toEqual(['outbox-drains']));

    it('halt the venue on a violation planted by the owner of the tables, until two people lift the halt; lateness causes no halt', async () => {
      const inForce = async () =>
        (await connector.halts.inForce()).map(({ id, scope, reason, subject }) => ({
          id,
          scope,
          reason,
          invariant: subject.split(' ')[0],
        }));
      await violated(STUCK);
      await connector.look();
      expect(await inForce()).toEqual([]);

      await violated(
        `UPDATE submission SET attempt_reference = 'another' WHERE withdrawal_id = $1`,
      );
      for (let looks = 0; looks < 2; looks++) await connector.look();
      const [halt] = await inForce();
      const invariant = 'client-reference-unique';
      expect(await inForce()).toContainEqual({
        id: halt?.id,
        scope: 'venue',
        reason: 'invariant',
        invariant,
      });

      for (const { id: open } of await inForce())
        await byTwo((caller) => connector.halts.lift(open, 'seen', caller));
      await connector.look();
      expect(await inForce()).toEqual([]);
    });

    it.each(planted)('%s detects a planted violation: %s', async (invariant, statement) =>
      expect(await violated(statement)).toContain(invariant),
    );

    if (allowed.length > 0)
      it.each(allowed)('hold: %s', async (_rule, statement) =>
        expect(await violated(statement)).toEqual([]),
      );
  });
}
