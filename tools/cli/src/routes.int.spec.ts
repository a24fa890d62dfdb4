import { StandInSystem, type Script } from './testkit/stand-in.js';

const PLAIN = {
  state: 'on',
  min_amount: null,
  max_amount: null,
  decimals: null,
  fee_percent: null,
  fee_flat: null,
  submit_within_ms: 3_600_000,
};
const GATEIO = { ...PLAIN, venue: 'gateio', pays: ['address', 'venue_account'], decimals: 8 };
const BYBIT = {
  ...PLAIN,
  venue: 'bybit',
  pays: ['address'],
  state: 'paused',
  max_amount: '5',
  fee_percent: '0.2',
  fee_flat: '1',
  submit_within_ms: null,
};
const ETH = { currency: 'ETH', network: 'ETH', venues: [GATEIO, BYBIT] };
const BTC = { currency: 'BTC', network: 'BTC', venues: [] };

/** Answers a PUT with what it was given. */
const intake: Script = {
  'GET /internal/routes': { data: [BTC, ETH] },
  'PUT /internal/routes': ({ body }) => {
    const { was: _read, ...route } = JSON.parse(body);
    return { data: route };
  },
};

let system: StandInSystem;
beforeEach(async () => void (system = await StandInSystem.start({ intake })));
afterEach(async () => system.stop());

const set = (line: string) => system.json(`route set --currency eth --network ETH ${line}`);

describe('route list', () => {
  it('tells people a line for each venue, in its order', async () => {
    const { stdout } = await system.sluice('route list');

    expect(stdout.split('\n')).toEqual([
      'asset    #  venue   state   pays                    min  max         fee  decimals  begins within',
      'BTC.BTC  –  none    –       –                         –    –           –         –              –',
      "ETH.ETH  1  gateio  on      address, venue_account    –    –  currency's         8         3600 s",
      'ETH.ETH  2  bybit   paused  address                   –    5    0.2% + 1         –       no limit',
      '',
    ]);
  });

  it('keeps to one currency and network when told', async () => {
    expect(await system.json('route list --currency eth --network eth')).toEqual({
      exitCode: 0,
      document: [ETH],
    });
    expect((await system.json('route list --currency ETH --network TRX')).document).toEqual([]);
  });
});

describe('route set', () => {
  it.each<[string, object[]]>([
    ['--order bybit', [BYBIT, GATEIO]],
    ['--venue bybit --state on --max none', [GATEIO, { ...BYBIT, state: 'on', max_amount: null }]],
    [
      '--venue gateio --min 0.1 --decimals none --fee-percent 0.5 --fee-flat 0.001 --submit-within 90',
      [
        {
          ...GATEIO,
          min_amount: '0.1',
          decimals: null,
          fee_percent: '0.5',
          fee_flat: '0.001',
          submit_within_ms: 90_000,
        },
        BYBIT,
      ],
    ],
    ['--venue gateio --submit-within none', [{ ...GATEIO, submit_within_ms: null }, BYBIT]],
    [
      '--venue bitmart --pays address --order bitmart',
      [{ venue: 'bitmart', pays: ['address'] }, GATEIO, BYBIT],
    ],
    ['--venue gateio --remove', [BYBIT]],
  ])('%s changes that and nothing else', async (line, venues) => {
    const { exitCode, document } = await set(line);

    expect({ exitCode, document }).toEqual({
      exitCode: 0,
      document: { currency: 'ETH', network: 'ETH', venues },
    });
    expect(system.intake.seen.map(({ method }) => method)).toEqual(['GET', 'PUT']);
  });

  it('makes a route where there was none', async () => {
    await system.sluice('route set --currency USDT --network TRX --venue gateio --pays address');

    expect(JSON.parse(system.intake.seen.at(-1)?.body ?? '')).toEqual({
      currency: 'USDT',
      network: 'TRX',
      was: [],
      venues: [{ venue: 'gateio', pays: ['address'] }],
    });
  });

  it('sends along what it has read, and tells why nothing was set when that has changed meanwhile', async () => {
    const message =
      'Nothing was set: the route has changed since it was read: state of bybit is on, was paused';
    const busy = await StandInSystem.start({
      intake: { ...intake, 'PUT /internal/routes': { status: 409, message } },
    });

    const { exitCode, document } = await busy.json(
      'route set --currency ETH --network ETH --order bybit',
    );

    expect({ exitCode, document }).toEqual({ exitCode: 1, document: { error: message } });
    expect(JSON.parse(busy.intake.seen.at(-1)?.body ?? '')).toMatchObject({
      was: [GATEIO, BYBIT],
      venues: [BYBIT, GATEIO],
    });
    await busy.stop();
  });

  it('shows people the route as it is now', async () => {
    const { stdout } = await system.sluice(
      'route set --currency ETH --network ETH --venue bybit --state closing',
    );

    expect(stdout).toMatch(/^ETH\.ETH {2}2 {2}bybit +closing/m);
  });

  it.each([
    ['', 'nothing is to be changed'],
    ['--venue gateio', 'nothing is to be changed'],
    ['--state paused', '--venue is missing'],
    ['--venue gateio --state off', '--state takes on or paused or closing, not "off"'],
    ['--venue gateio --submit-within soon', '--submit-within takes a whole number'],
    ['--order gatoi', 'the route has no venue gatoi; did you mean gateio?'],
  ])('sends nothing for "%s"', async (line, message) => {
    const { exitCode, document } = await set(line);

    expect({ exitCode, error: document.error }).toEqual({
      exitCode: 2,
      error: expect.stringContaining(message),
    });
    expect(system.intake.seen.filter(({ method }) => method === 'PUT')).toEqual([]);
  });
});
