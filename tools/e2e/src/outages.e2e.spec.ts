import { eventually, TcpProxy } from '@sluice/test-kit';
import {
  numberOf,
  recipientOf,
  toAddress,
  toUser,
  type Body,
  type Customer,
} from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';

const COMMIT = Buffer.from('COMMIT\0');

describe('outages', () => {
  let sluice: TestSystem;
  let customer: Customer;
  const proxies: TcpProxy[] = [];
  beforeAll(async () => {
    // The proxies look for COMMIT in what passes, which TLS would hide.
    sluice = await TestSystem.startWith({ tls: false });
  });
  beforeEach(async () => {
    customer = await sluice.customer();
  });
  afterEach(() => sluice.proveBooks());
  afterAll(async () => {
    await sluice.stop();
    await Promise.all(proxies.map((proxy) => proxy.close()));
  });

  it('Kafka killed -9 in the middle of load: nothing is lost, nothing is paid twice', async () => {
    const { bodies, answering } = load(60, (index) => (index % 3 === 0 ? toUser() : toAddress()));
    await underWay(bodies);

    await sluice.killNow('kafka');

    await Promise.all(answering);
    expect(await customer.allFinal()).toEqual(Array(60).fill('completed'));
  });

  it.each<NodeJS.Signals>(['SIGKILL', 'SIGQUIT'])(
    'PostgreSQL ended by %s in the middle of load: what was acknowledged is there',
    async (signal) => {
      const { bodies, answering } = load(60, () => toAddress());
      await underWay(bodies);

      await sluice.system.kill('postgres', signal);
      await sluice.system.untilReady('postgres');

      const numbers = (await Promise.all(answering)).map(numberOf);
      expect(new Set(numbers).size).toBe(60);
      expect(await customer.allFinal()).toEqual(Array(60).fill('completed'));
    },
  );

  it('the simulated venue killed -9 in the middle of payments: its book survives, and all is finished', async () => {
    const { bodies, answering } = load(60, () => toAddress());
    await underWay(bodies);

    await sluice.killNow('venue-simulator');

    await Promise.all(answering);
    expect(await customer.allFinal()).toEqual(Array(60).fill('completed'));
    expect(await paidOf(bodies)).toBe(60);
  });

  it('a connection cut right after the COMMIT of a create: the client never hears of a failure, and there is one withdrawal', async () => {
    const proxy = await between('intake-api', sluice.system.run.databases['intake-api']);
    for (let round = 1; round <= 5; round++) {
      const { bodies, answering } = load(10, () => toAddress(), false);
      const cut = proxy.once({ on: COMMIT, cut: 'after' });
      const answers = await Promise.all(answering);
      await cut;

      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
      const again = await Promise.all(bodies.map((body) => customer.post(body)));
      expect(again.map(numberOf)).toEqual(answers.map(numberOf));
    }
    expect(await customer.allFinal()).toEqual(Array(50).fill('completed'));
  });

  it("a connection cut right after the COMMIT of the ledger's batch: each hold and capture counts once", async () => {
    const proxy = await between('ledger', sluice.system.run.databases.ledger);
    const { answering } = load(60, () => toAddress());
    for (let cuts = 1; cuts <= 5; cuts++) await proxy.once({ on: COMMIT, cut: 'after' });

    await Promise.all(answering);
    expect(await customer.allFinal()).toEqual(Array(60).fill('completed'));
  });

  it("a connection cut right after the COMMIT of the connector's intents and outcomes: nothing is sent twice", async () => {
    const proxy = await between(
      'connector-gateio',
      sluice.system.run.databases['connector-gateio'],
    );
    const { bodies, answering } = load(60, () => toAddress());
    for (let cuts = 1; cuts <= 5; cuts++) await proxy.once({ on: COMMIT, cut: 'after' });

    await Promise.all(answering);
    expect(await customer.allFinal()).toEqual(Array(60).fill('completed'));
    expect(await paidOf(bodies)).toBe(60);
  });

  it('has checked some rows in every check', () => sluice.expectPopulated());

  function load(count: number, bodyOf: (index: number) => Body, retry = true) {
    const bodies = Array.from({ length: count }, (_, index) => bodyOf(index));
    return {
      bodies,
      answering: bodies.map((body) =>
        retry ? customer.postUntilAnswered(body) : customer.post(body),
      ),
    };
  }

  async function paidOf(bodies: readonly Body[]): Promise<number> {
    const recipients = new Set(bodies.map(recipientOf));
    return (await sluice.venue.payments()).filter(({ destination }) => recipients.has(destination))
      .length;
  }

  function underWay(bodies: readonly Body[]): Promise<void> {
    return eventually(async () => expect(await paidOf(bodies)).toBeGreaterThan(5), { everyMs: 5 });
  }

  /** From its next life on the service reaches its database by way of a proxy. */
  async function between(
    service: 'intake-api' | 'ledger' | 'connector-gateio',
    databaseUrl: string,
  ): Promise<TcpProxy> {
    const proxy = await TcpProxy.to(Number(new URL(databaseUrl).port));
    proxies.push(proxy);
    await sluice.restartWith(service, { DATABASE_URL: proxy.through(databaseUrl) });
    return proxy;
  }
});
