import { StandInSystem, type Script } from './testkit/stand-in.js';

const VERSION = { requested_by: null, approved_by: null, recorded_at: null, effective_at: null };
const USDT = {
  ...VERSION,
  version: 0,
  state: 'over',
  currency: 'USDT',
  network: 'ETH',
  name: 'Tether USD',
  contract_address: null,
  decimals: 6,
  active: true,
  open_to_all: false,
  min_withdrawal_amount: '2',
  withdrawal_fee_flat: '1',
  withdrawal_fee_percent: '0.1',
  unit_worth_eur: null,
};
const NOW = {
  ...USDT,
  version: 1,
  state: 'in_force',
  requested_by: 'ada',
  approved_by: 'peter',
  effective_at: '2026-11-23T00:00:00.000Z',
  withdrawal_fee_flat: '3',
};
const OWN = {
  ...VERSION,
  version: 0,
  state: 'in_force',
  account_id: 'a',
  currency: 'USDT',
  network: 'ETH',
  withdrawal_enabled: true,
  min_withdrawal_amount: null,
  withdrawal_fee_flat: null,
  withdrawal_fee_percent: '0.05',
};
const TRX = {
  ...VERSION,
  version: 0,
  state: 'in_force',
  network: 'TRX',
  family: 'tron',
  active: true,
};
const AWAITED = {
  approval_id: '7',
  awaits: 'a second person with the role approve',
  expires_at: '2026-11-23T09:12:31.000Z',
};
const PEPE = {
  currency: 'PEPE',
  network: 'BASE',
  built_in: false,
  code: 'BASEEVM',
  active: true,
  unit_worth_eur: '0.01',
  most_by_call: '1000000',
  most_by_hour: '10',
  most_by_day: '50',
  version: 1,
  recorded_at: '2026-11-23T00:00:00.000Z',
  requested_by: 'ada',
  approved_by: 'p',
};

const intake: Script = {
  'GET /internal/terms/currencies': { data: [USDT, NOW] },
  'POST /internal/terms/currencies': { status: 202, data: AWAITED },
  'GET /internal/terms/networks': { data: [TRX] },
  'POST /internal/terms/networks': { status: 202, data: AWAITED },
  'GET /internal/accounts/a/terms': { data: [OWN] },
  'POST /internal/accounts/a/terms': { status: 202, data: AWAITED },
};
const connector: Script = {
  'GET /internal/assets': { data: [PEPE] },
  'POST /internal/assets': { status: 202, data: AWAITED },
};

let system: StandInSystem;
beforeEach(async () => void (system = await StandInSystem.start({ intake, connector })));
afterEach(async () => system.stop());

const run = (line: string) => system.json(line);
const posted = (): unknown => JSON.parse(system.intake.seen.at(-1)?.body ?? '');
const added = (): unknown => JSON.parse(system.connector.seen.at(-1)?.body ?? '');

describe('terms list', () => {
  it('tells people what is in force and what is to come', async () => {
    const { stdout } = await system.sluice('terms list --currency usdt');

    expect(stdout.split('\n')).toEqual([
      'asset     version  state     from                  asked by  approved by  active  open to all  decimals  min       fee  EUR each',
      'USDT.ETH        1  in_force  2026-11-23 00:00:00Z  ada       peter        true    false               6    2  0.1% + 3         –',
      '',
    ]);
    expect((await run('terms list --currency BTC')).document).toEqual([]);
  });
});

describe('terms show', () => {
  it('shows each version, of all others or of one account', async () => {
    expect((await run('terms show --currency usdt --network eth')).document).toEqual([USDT, NOW]);
    expect((await run('terms show --currency USDT --network ETH --account a')).document).toEqual([
      OWN,
    ]);
    expect((await run('terms networks')).document).toEqual([TRX]);
  });
});

describe('terms set', () => {
  it('sends the newest version with what is different, and which version that was', async () => {
    const line = 'terms set --currency usdt --network ETH --fee-flat 4 --from 2026-12-01T00:00:00Z';
    expect(await run(line)).toEqual({ exitCode: 0, document: AWAITED });

    const { state: _s, version, effective_at: _e, recorded_at: _r, ...said } = NOW;
    const { requested_by: _q, approved_by: _a, ...content } = said;
    expect(posted()).toEqual({
      ...content,
      withdrawal_fee_flat: '4',
      after_version: version,
      effective_at: '2026-12-01T00:00:00Z',
    });
  });

  it('adds a currency, which takes fees and is open to nobody unless told', async () => {
    await run(
      'terms set --currency PEPE --network BASE --name Pepe --decimals 18 --min 5 --worth-eur 0.01',
    );
    expect(posted()).toEqual({
      currency: 'PEPE',
      network: 'BASE',
      name: 'Pepe',
      contract_address: null,
      decimals: 18,
      active: true,
      open_to_all: false,
      unit_worth_eur: '0.01',
      after_version: null,
      min_withdrawal_amount: '5',
      withdrawal_fee_flat: '0',
      withdrawal_fee_percent: '0',
    });
  });

  it('tells people who has to approve it', async () => {
    const { stdout } = await system.sluice('terms set --currency USDT --network ETH --active no');
    expect(stdout).toContain('sluice approve 7 --service intake-api');
  });

  it.each([
    ['terms set --currency USDT --network ETH', 'nothing is to be changed'],
    [
      'terms set --currency PEPE --network BASE --name Pepe',
      'a new one needs --name, --decimals and --min',
    ],
    [
      'terms set --currency USDT --network ETH --active maybe',
      '--active takes yes or no, not "maybe"',
    ],
    [
      'terms set --currency USDT --network ETH --decimals 31',
      '--decimals takes a whole number from 0 to 30',
    ],
    ['terms account --account a --currency USDT --network ETH', 'nothing is to be changed'],
    ['terms network --network SOL', 'there is no such network yet: --family is missing'],
    [
      'terms network --network NEAR --family near',
      '--family takes evm or tron or bitcoin or litecoin or dogecoin or xrp or stellar or ton or solana or cosmos or bank or other',
    ],
  ])('sends nothing for "%s"', async (line, message) => {
    const { exitCode, document } = await run(line);
    expect({ exitCode, error: document.error }).toEqual({
      exitCode: 2,
      error: expect.stringContaining(message),
    });
    expect(system.intake.seen.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});

describe('terms account and terms network', () => {
  it('send what is different of the newest version', async () => {
    await run(
      'terms account --account a --currency USDT --network ETH --fee-flat 0 --fee-percent none',
    );
    expect(posted()).toEqual({
      currency: 'USDT',
      network: 'ETH',
      after_version: 0,
      withdrawal_enabled: true,
      min_withdrawal_amount: null,
      withdrawal_fee_flat: '0',
      withdrawal_fee_percent: null,
    });
    await run('terms network --network trx --active no');
    expect(posted()).toEqual({ network: 'TRX', family: 'tron', active: false, after_version: 0 });
    await run('terms network --network BASE --family evm');
    expect(posted()).toEqual({
      network: 'BASE',
      family: 'evm',
      active: true,
      after_version: null,
    });
  });
});

describe('asset list and asset add', () => {
  it('show what a connector pays, and add to it', async () => {
    expect((await run('asset list --venue gateio')).document).toEqual([PEPE]);

    const { stdout } = await system.sluice(
      'asset add --venue gateio --currency sol --network SOL --code SOL --worth-eur 200',
    );

    expect(stdout).toContain('sluice approve 7 --service connector-gateio');
    expect(added()).toEqual({
      currency: 'SOL',
      network: 'SOL',
      code: 'SOL',
      active: true,
      unit_worth_eur: '200',
      after_version: null,
    });
  });

  it('keep its name and worth where they are not given', async () => {
    await run('asset add --venue gateio --currency PEPE --network BASE --active no');
    expect(added()).toEqual({
      currency: 'PEPE',
      network: 'BASE',
      code: 'BASEEVM',
      active: false,
      unit_worth_eur: '0.01',
      after_version: 1,
    });
    expect(await run('asset add --venue gateio --currency SOL --network SOL')).toMatchObject({
      exitCode: 2,
      document: { error: '--code is missing: what does the venue call it?' },
    });
  });
});
