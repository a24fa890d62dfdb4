import { setTimeout as sleep } from 'node:timers/promises';
import { approvedBy } from '@sluice/admin-client';
import { testValues } from '@sluice/runtime';
import { eventually, TcpProxy } from '@sluice/test-kit';
import { signGateio } from '@sluice/signing';
import { numberOf, toAddress, type Customer } from '../testkit/customer.js';
import { TestSystem } from '../testkit/given-system.js';
import { unaskedPayments } from './testkit/attacked-system.js';

const LIFE_MS = 12_000;
/** Life of a permit during a start of the auditor, which takes longer than 8 s on a busy machine. */
const LONG_LIFE_MS = 60_000;
/** A request that began before the end of the permit, and the pause between two looks of a worker. */
const SLACK_MS = 4_000;
const AMOUNT = 5.25;
const THIEF = '0x1111111111111111111111111111111111111111';
const MINUTE = { withinMs: 60_000, everyMs: 200 };

/** A customer who orders five payments per second until the load ends. */
class Load {
  private readonly numbers: unknown[] = [];
  private isOver = false;
  private readonly running: Promise<void>;

  constructor(private readonly customer: Customer) {
    this.running = this.run();
  }

  private async run(): Promise<void> {
    while (!this.isOver) {
      const answer = await this.customer.post(toAddress({ venue: 'gateio' }));
      if (answer.status === 200) this.numbers.push(numberOf(answer));
      await sleep(200);
    }
  }

  /** Ends the load. Expects each order to be completed. */
  async completes(): Promise<number> {
    await this.end();
    for (const number of this.numbers) {
      const { state } = await this.customer.isFinal(number, 120_000);
      expect(state).toBe('completed');
    }
    return this.numbers.length;
  }

  async end(): Promise<void> {
    this.isOver = true;
    await this.running;
  }
}

describe('payments that need permits of the auditor', () => {
  let sluice: TestSystem;
  let customer: Customer;
  let proxy: TcpProxy;
  let lastLoad: Load | undefined;
  beforeAll(async () => {
    sluice = await TestSystem.startWith({
      more: ['bybit'],
      values: { permitLifeMs: LIFE_MS },
    });
    customer = await sluice.customer();
    const url = sluice.system.run.databases.auditor;
    proxy = await TcpProxy.to(Number(new URL(url).port));
  });
  afterEach(() => lastLoad?.end()); // after a failed test, too: its orders would fail at the stopped system
  afterAll(async () => {
    await sluice.stop();
    await proxy?.close();
  });

  const paid = async () => (await sluice.venue.payments()).length;
  const faults = async () => (await sluice.admin.connector('gateio').readiness()).faults.join();
  /** Seconds until the permit of the first venue ends, as its connector knows. */
  const permitSeconds = async () => {
    const metrics = await sluice.admin.connector('gateio').metrics();
    return Number(/^sluice_permit_seconds\{[^}]*venue="gateio"[^}]*\} (\S+)/m.exec(metrics)?.[1]);
  };
  const books = () =>
    new Map([
      ['gateio', sluice.venue],
      ['bybit', sluice.venueNamed('bybit')],
    ]);

  /** Waits until nothing was paid for five seconds. Returns the time of the last payment. */
  async function untilNothingIsPaid(): Promise<{ readonly count: number; readonly at: number }> {
    let last = { count: await paid(), at: Date.now() };
    for (const until = Date.now() + 90_000; Date.now() - last.at < 5_000; await sleep(100)) {
      if (Date.now() > until) throw new Error('payments do not stop');
      const count = await paid();
      if (count !== last.count) last = { count, at: Date.now() };
    }
    return last;
  }

  async function stopsAndResumes(
    what: string,
    disturb: () => Promise<unknown>,
    heal: () => Promise<unknown>,
  ): Promise<void> {
    await eventually(async () => expect(await faults()).not.toContain('permit'), MINUTE);
    const load = (lastLoad = new Load(customer));
    const first = await paid();
    await eventually(async () => expect(await paid()).toBeGreaterThan(first + 5), MINUTE);
    const [begun, before] = [Date.now(), await paid()];
    await disturb();
    const last = await untilNothingIsPaid();
    const seconds = (last.at - begun) / 1_000;
    expect(await faults()).toContain("waits for the auditor's permit");
    expect(last.at - begun).toBeLessThan(LIFE_MS + SLACK_MS);

    await heal();
    await eventually(async () => expect(await paid()).toBeGreaterThan(last.count), MINUTE);
    const orders = await load.completes();
    expect(await paid()).toBe(first + orders);
    expect(await unaskedPayments(books(), [customer])).toEqual([]);
    const moved = ((last.count - before) * AMOUNT).toFixed(2);
    process.stderr.write(
      `${what}: the last payment left ${seconds.toFixed(1)} s later, ${moved} USDT of customers' orders were paid meanwhile\n`,
    );
  }

  it('stop when the auditor is killed and not started again, and resume with its start', async () => {
    const auditor = sluice.system.processes.get('auditor');
    await stopsAndResumes(
      'auditor killed',
      async () => {
        await auditor?.kill('SIGKILL');
        await auditor?.stop();
      },
      () => sluice.system.restart('auditor'),
    );
  });

  it('stop when the auditor freezes, and resume when it continues', async () => {
    const auditor = sluice.system.processes.get('auditor');
    await stopsAndResumes(
      'auditor frozen',
      async () => auditor?.kill('SIGSTOP'),
      async () => auditor?.kill('SIGCONT'),
    );
  });

  it('stop when the auditor cannot reach its database, and resume when it can', async () => {
    const url = sluice.system.run.databases.auditor;
    await sluice.restartWith('auditor', { DATABASE_URL: proxy.through(url) });
    await stopsAndResumes(
      'auditor without its database',
      async () => proxy.refuse(),
      async () => proxy.admit(),
    );
  });

  it('stop when the auditor cannot reach Kafka, and resume when it can', async () => {
    await stopsAndResumes(
      'auditor without Kafka',
      async () =>
        void sluice.system
          .restart('auditor', { KAFKA_BROKERS: '127.0.0.1:1' })
          .catch(() => undefined),
      () => sluice.system.restart('auditor'),
    );
  });

  it('continue while the auditor is killed and started again within the life of a permit', async () => {
    await sluice.restartWith('auditor', testValues({ permitLifeMs: LONG_LIFE_MS }));
    const shortest = (LONG_LIFE_MS * 0.75) / 1_000;
    await eventually(async () => expect(await permitSeconds()).toBeGreaterThan(shortest), MINUTE);
    const load = (lastLoad = new Load(customer));
    const first = await paid();
    await eventually(async () => expect(await paid()).toBeGreaterThan(first), MINUTE);
    await sluice.system.kill('auditor');
    const before = await paid();
    await sluice.system.untilReady('auditor');
    expect(await paid()).toBeGreaterThan(before);
    await sleep(2_000);
    expect(await faults()).not.toContain('permit');

    const orders = await load.completes();
    expect(await paid()).toBe(first + orders);
  });

  it('of a venue stop after a theft, while other venues go on, until two people close the finding', async () => {
    const { api_key: KEY, api_secret: secret } = await sluice.venue.credentials();
    const [path, timestamp] = ['/api/v4/withdrawals', String(Date.now() / 1000)];
    const body = JSON.stringify({ currency: 'USDT', chain: 'ETH', amount: '501', address: THIEF });
    const SIGN = signGateio(String(secret), { method: 'POST', path, query: '', body, timestamp });
    const headers = { KEY: String(KEY), SIGN, Timestamp: timestamp };
    const begun = Date.now();
    await fetch(sluice.venue.url + path, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body,
    });
    await eventually(async () => expect(await faults()).toContain('has withdrawn'), MINUTE);
    const seconds = (Date.now() - begun) / 1_000;
    process.stderr.write(`theft of 500 USDT: permit withdrawn after ${seconds.toFixed(1)} s\n`);
    expect(seconds).toBeLessThan(60);

    await endHalts();
    const waiting = await customer.post(toAddress({ venue: 'gateio' }));
    const elsewhere = await customer.post(toAddress({ venue: 'bybit', amount: '12' }));
    await customer.isFinal(numberOf(elsewhere), 60_000);
    expect(await customer.reaches(numberOf(waiting), ['submitting'])).toBeDefined();

    const [finding] = (await sluice.admin.auditor.findings()).filter(
      (one) => one.closed_at === null,
    );
    const asked = sluice.admin.auditor.closeFinding(finding?.id ?? '', { reason: 'a test' });
    await asked;
    await sleep(3_000);
    expect(await faults()).toContain('has withdrawn');
    await approvedBy(sluice.approver.auditor, asked);
    await eventually(
      async () => {
        await endHalts();
        const { state } = await customer.intake.withdrawal(String(numberOf(waiting)));
        expect(state).toBe('completed');
      },
      { withinMs: 120_000, everyMs: 1_000 },
    );
    expect(await faults()).not.toContain('permit');
  });

  /** The connector's own checks found the theft, too. */
  async function endHalts(): Promise<void> {
    const connector = sluice.admin.connector('gateio');
    for (const { id, closed_at } of await connector.breaks())
      if (closed_at === null) await connector.closeBreak(id, { evidence: 'a test' });
    for (const { id, lifted_at } of await connector.halts())
      if (lifted_at === null) await sluice.liftHalt('gateio', id);
  }
});
