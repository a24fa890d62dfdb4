import { SERVICE_NAMES, type ServiceName } from '@sluice/stack';
import { eventually } from '@sluice/test-kit';
import { toAddress, numberOf, recipientOf, type Body, type Customer } from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';
import { operate } from './testkit/operate.js';

/** The simulated Bybit pays it; no migration and no release of ours names it. */
const MNT = { currency: 'MNT', network: 'ETH' };
const ASSET = ['--currency', 'MNT', '--network', 'ETH'];

describe('terms', () => {
  let sluice: TestSystem;
  let customer: Customer;
  beforeAll(async () => {
    sluice = await TestSystem.start('bybit');
    customer = await sluice.customer();
  }, 180_000);
  afterAll(() => sluice?.stop());

  /** A person sets the terms on the command line, and another person approves. */
  const byTwo = async (service: ServiceName, ...words: readonly string[]) => {
    const asked = await operate(sluice, words);
    expect(asked).toMatchObject({ exitCode: 0, json: { approval_id: expect.any(String) } });
    const { approval_id: id } = asked.json as { approval_id: string };
    return sluice.approver.service(service).approve(id);
  };
  const pids = () =>
    SERVICE_NAMES.map((name) => [name, sluice.system.processes.get(name)?.pid()] as const);
  const ask = (change: object = {}) => toAddress({ ...MNT, amount: '40', ...change });

  it('add a currency that no migration knows to a known venue, and it is paid, without a restart', async () => {
    const before = pids();
    expect(await customer.post(ask())).toMatchObject({ status: 404 });

    await byTwo(
      'connector-bybit',
      'asset',
      'add',
      '--venue',
      'bybit',
      ...ASSET,
      '--code',
      'ETH',
      '--worth-eur',
      '1',
    );
    const terms = ['--name', 'Mantle', '--decimals', '6', '--min', '2', '--fee-flat', '1.5'];
    await byTwo('intake-api', 'terms', 'set', ...ASSET, ...terms, '--worth-eur', '1');
    await byTwo(
      'intake-api',
      'terms',
      'account',
      '--account',
      customer.accountId,
      ...ASSET,
      '--enabled',
      'yes',
    );
    const route = ['route', 'set', ...ASSET, '--venue', 'bybit', '--pays', 'address'];
    expect(await operate(sluice, route)).toMatchObject({ exitCode: 0 });
    await customer.fund('1000', 'MNT', 'ETH');

    const body = ask();
    const posted = await eventually(
      async () => {
        const answer = await customer.post(body);
        if (answer.status !== 200) throw new Error(`${answer.status} ${answer.message}`);
        return answer;
      },
      { withinMs: 60_000, everyMs: 250 },
    );
    const done = await customer.isFinal(numberOf(posted), 60_000);

    expect(done).toMatchObject({ state: 'completed', venue: 'bybit', fee: '1.5' });
    const paid = (await sluice.venueNamed('bybit').payments()).filter(
      ({ destination }) => destination.toLowerCase() === recipientOf(body).toLowerCase(),
    );
    expect(paid).toMatchObject([{ net_amount: '40' }]);
    expect(pids()).toEqual(before);
    await sluice.proveBooks();
  }, 180_000);

  it('are shown with the person who set the terms, and a future price has no effect before its start', async () => {
    const from = new Date(Date.now() + 3_600_000).toISOString();
    await byTwo('intake-api', 'terms', 'set', ...ASSET, '--fee-flat', '9', '--from', from);

    expect(await operate(sluice, ['terms', 'show', ...ASSET])).toMatchObject({
      exitCode: 0,
      json: [
        { version: 0, state: 'over', active: false },
        { version: 1, state: 'in_force', withdrawal_fee_flat: '1.5' },
        { version: 2, state: 'coming', withdrawal_fee_flat: '9', effective_at: from },
      ],
    });
    const posted = await customer.post(ask());
    expect(await customer.isFinal(numberOf(posted), 60_000)).toMatchObject({ fee: '1.5' });
  }, 180_000);

  it('add a network with memos: a tag of its grammar is paid, none is needed, and another text is refused', async () => {
    const XRP = ['--currency', 'XRP', '--network', 'XRP'];
    const account = ['--account', customer.accountId];
    await byTwo('intake-api', 'terms', 'network', '--network', 'XRP', '--family', 'xrp');
    const terms = ['--name', 'XRP', '--decimals', '6', '--min', '2', '--fee-flat', '0.25'];
    await eventually(() => byTwo('intake-api', 'terms', 'set', ...XRP, ...terms), {
      withinMs: 60_000,
      everyMs: 2_000,
    });
    await byTwo('intake-api', 'terms', 'account', ...account, ...XRP, '--enabled', 'yes');
    const route = ['route', 'set', ...XRP, '--venue', 'bybit', '--pays', 'address'];
    expect(await operate(sluice, route)).toMatchObject({ exitCode: 0 });
    await customer.fund('1000', 'XRP', 'XRP');
    const to = (memo?: string) => {
      const address = 'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh';
      const destination = { type: 'address', address, ...(memo !== undefined && { memo }) };
      const { to_address: _unused, ...body } = toAddress({ currency: 'XRP', network: 'XRP' });
      return { ...body, amount: '30', destination };
    };
    const taken = (body: Body) =>
      eventually(
        async () => {
          const answer = await customer.post(body);
          expect(answer).toMatchObject({ status: 200 });
          return answer;
        },
        { withinMs: 60_000, everyMs: 1_000 },
      );

    const posted = [await taken(to('104398221')), await taken(to())];
    const refused = await customer.post(to('office 7'));
    const onEth = toAddress({ ...to('7'), currency: 'MNT', network: 'ETH' });

    expect(refused).toMatchObject({ status: 422, message: expect.stringMatching(/memo: Input/) });
    expect(await customer.post(onEth)).toMatchObject({ status: 422 });
    for (const answer of posted)
      expect(await customer.isFinal(numberOf(answer), 60_000)).toMatchObject({
        state: 'completed',
      });
    const paid = await sluice.venueNamed('bybit').payments();
    expect(
      paid.flatMap(({ currency, net_amount, memo }) =>
        currency === 'XRP' ? [[net_amount, memo ?? '']] : [],
      ),
    ).toEqual(
      expect.arrayContaining([
        ['30', '104398221'],
        ['30', ''],
      ]),
    );
    await sluice.proveBooks();
  }, 240_000);
});
