import { StandInSystem, type Scripts } from './testkit/stand-in.js';

const HALT = {
  id: '3',
  scope: 'venue',
  target: null,
  reason: 'paid_twice',
  subject: '0192f3a4-0000-4000-8000-000000000017 w2',
  details: 'the venue has w2 under the reference of w1',
  opened_at: '2026-05-16T22:00:00.000Z',
  opened_by: 'connector',
  lifted_at: null,
  lifted_by: null,
  lift_approved_by: null,
  lift_evidence: null,
};
const LIFTED = {
  ...HALT,
  id: '2',
  lifted_at: '2026-05-16T23:00:00.000Z',
  lifted_by: 'R. Ortiz',
  lift_approved_by: 'L. Weber',
  lift_evidence: 'ticket 1',
};

const OF_A_KEY = { ...HALT, id: '1', scope: 'key', target: 'ck_1' };

let system: StandInSystem;
const given = async (scripts: Scripts) => {
  system = await StandInSystem.start(scripts);
};
afterEach(async () => system.stop());

describe('the halt commands', () => {
  it('list what is in force at every connector, and lifted ones when asked', async () => {
    await given({
      connector: { 'GET /internal/halts': { data: [HALT, LIFTED] } },
      venues: { bybit: { 'GET /internal/halts': { data: [] } } },
      intake: { 'GET /internal/halts': { data: [OF_A_KEY] } },
    });

    const { document } = await system.json('halt list');
    const all = await system.json('halt list --venue gateio --all');
    const { stdout } = await system.sluice('halt list');

    expect(document).toEqual([
      { service: 'intake-api', ...OF_A_KEY },
      { service: 'connector-gateio', ...HALT },
    ]);
    expect(all.document).toHaveLength(2);
    expect(stdout).toMatch(
      /^connector-gateio +3 {2}2026-05-16 22:00:00Z {2}connector {2}venue {2}– +paid_twice/m,
    );
  });

  it('say so when nothing is halted', async () => {
    await given({
      connector: { 'GET /internal/halts': { data: [] } },
      intake: { 'GET /internal/halts': { data: [] } },
    });

    expect((await system.sluice('halt list')).stdout).toBe('nothing is halted\n');
  });

  it('list the payments that nobody here has sent, in full', async () => {
    const record = {
      venue_reference: 'w7',
      form: 'withdrawal',
      client_reference: 'w3f',
      gross: '5',
      destination: '0xab',
      venue_status: 'DONE',
    };
    await given({ connector: { 'GET /internal/halts/records': { data: [record] } } });

    const { document } = await system.json('halt records --venue gateio');
    const { stdout } = await system.sluice('halt records --venue gateio');

    expect(document).toEqual([{ venue: 'gateio', ...record }]);
    expect(stdout).toMatch(/^gateio +w7 +withdrawal +w3f +5 +0xab +DONE/m);
  });

  const opened = { 'POST /internal/halts': { data: HALT } };
  const wish = { details: 'status page', name: expect.any(String) as string };
  const open = (what = '') => system.json(`halt open ${what} --because 'status page'`);
  const bodies = (service: 'intake' | 'connector') =>
    system[service].seen.map(({ body }) => JSON.parse(body) as object);

  it('open one of a venue at its connector and at intake-api, with a name and a reason', async () => {
    await given({ connector: opened, intake: opened, venues: { bybit: opened } });

    const { exitCode, document } = await open('--venue gateio');

    expect(exitCode).toBe(0);
    expect(bodies('connector')).toEqual([{ ...wish, scope: 'venue' }]);
    expect(bodies('intake')).toEqual([{ ...wish, scope: 'venue', target: 'gateio' }]);
    expect(document).toMatchObject({
      halts: [{ service: 'intake-api' }, { service: 'connector-gateio' }],
    });
  });

  it('open one of an asset, an account, a key or all everywhere', async () => {
    await given({ connector: opened, intake: opened });

    await open('--asset USDT.ETH');
    await open('--account a1');
    await open('--all');
    await open('--key ck_1');

    const everywhere = [
      { ...wish, scope: 'asset', target: 'USDT.ETH' },
      { ...wish, scope: 'account', target: 'a1' },
      { ...wish, scope: 'all' },
      { ...wish, scope: 'key', target: 'ck_1' },
    ];
    expect(bodies('connector')).toEqual(everywhere);
    expect(bodies('intake')).toEqual(everywhere);
  });

  it('stop what they can when a service cannot be asked, and want to be told what to stop', async () => {
    await given({ intake: opened });

    const some = await open('--all');
    expect(some.exitCode).toBe(2);
    expect(some.document).toMatchObject({ halts: [{ service: 'intake-api' }] });
    expect((await open()).exitCode).toBe(2);
    expect((await open('--all --venue gateio')).exitCode).toBe(2);
    expect((await open('--venue gatio')).exitCode).toBe(2);
    expect(system.intake.seen).toHaveLength(1);
  });

  it('lift one by its name wherever it is in force', async () => {
    const named = { ...HALT, subject: '6f1c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11' };
    const script = (...halts: readonly object[]) => ({
      'GET /internal/halts': { data: halts },
      'POST /internal/halts/3/lift': { data: LIFTED },
    });
    await given({
      connector: script(HALT, named),
      venues: { bybit: script({ ...named, lifted_at: 'then' }) },
      intake: script(named),
    });
    const lift = (name: string) => system.json(`halt lift ${name} --evidence seen`);

    expect((await lift(named.subject)).document).toMatchObject([
      { service: 'intake-api' },
      { service: 'connector-gateio' },
    ]);
    expect((await lift(named.subject.replace('6f', '00'))).exitCode).toBe(1);
  });

  it('lift one with evidence when two have said so, and none that is not named by its number', async () => {
    const awaited = { approval_id: '7', awaits: 'a second person', expires_at: 'tomorrow' };
    const answers = [{ status: 202, data: awaited }, { data: LIFTED }];
    await given({
      connector: { 'POST /internal/halts/3/lift': () => answers.shift() ?? { status: 404 } },
    });
    const rest = `--venue gateio --evidence 'ticket 8812'`;

    const first = await system.sluice(`halt lift 3 ${rest}`);
    const second = await system.sluice(`halt lift 3 ${rest}`);
    const odd = await system.json(`halt lift ../cases ${rest}`);

    expect(first.stdout).toMatch(
      /^connector-gateio: noted, and nothing is done yet: .* sluice approve 7 --service connector-gateio$/m,
    );
    expect(second.stdout).toContain('halt 2 is lifted by R. Ortiz and L. Weber');
    expect(JSON.parse(system.connector.seen[0]?.body ?? '')).toEqual({ evidence: 'ticket 8812' });
    expect(odd.exitCode).toBe(2);
    expect(system.connector.seen).toHaveLength(2);
  });
});
