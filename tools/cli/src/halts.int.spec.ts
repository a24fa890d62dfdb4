import { StandInSystem, type Scripts } from './testkit/stand-in.js';

const HALT = {
  id: '3',
  scope: 'venue',
  reason: 'paid_twice',
  subject: '0192f3a4-0000-4000-8000-000000000017 w2',
  details: 'the venue has w2 under the reference of w1',
  opened_at: '2026-05-16T22:00:00.000Z',
  opened_by: 'connector',
  lifted_at: null,
  lifted_by: null,
  lift_evidence: null,
};
const LIFTED = {
  ...HALT,
  id: '2',
  lifted_at: '2026-05-16T23:00:00.000Z',
  lifted_by: 'R. Ortiz',
  lift_evidence: 'ticket 1',
};

let system: StandInSystem;
const given = async (scripts: Scripts) => {
  system = await StandInSystem.start(scripts);
};
afterEach(async () => system.stop());

describe('the halt commands', () => {
  it('list what is in force at every connector, and lifted ones when asked', async () => {
    await given({
      connector: { 'GET /internal/halts': { data: [HALT, LIFTED] } },
      bybit: { 'GET /internal/halts': { data: [] } },
    });

    const { document } = await system.json(['halt', 'list']);
    const all = await system.json(['halt', 'list', '--venue', 'gateio', '--all']);
    const { stdout } = await system.sluice(['halt', 'list']);

    expect(document).toEqual([{ venue: 'gateio', ...HALT }]);
    expect(all.document).toHaveLength(2);
    expect(stdout).toMatch(/^gateio +3 {2}2026-05-16 22:00:00Z {2}connector {2}paid_twice/m);
  });

  it('say so when no venue is halted', async () => {
    await given({ connector: { 'GET /internal/halts': { data: [] } } });

    expect((await system.sluice(['halt', 'list'])).stdout).toBe('no venue is halted\n');
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

    const { document } = await system.json(['halt', 'records', '--venue', 'gateio']);
    const { stdout } = await system.sluice(['halt', 'records', '--venue', 'gateio']);

    expect(document).toEqual([{ venue: 'gateio', ...record }]);
    expect(stdout).toMatch(/^gateio +w7 +withdrawal +w3f +5 +0xab +DONE/m);
  });

  it('open one with a name and a reason', async () => {
    await given({ connector: { 'POST /internal/halts': { data: HALT } } });

    const { exitCode } = await system.json([
      'halt',
      'open',
      '--venue',
      'gateio',
      '--by',
      'R. Ortiz',
      '--because',
      'status page',
    ]);

    expect(exitCode).toBe(0);
    expect(JSON.parse(system.connector.seen[0]?.body ?? '')).toEqual({
      by: 'R. Ortiz',
      details: 'status page',
    });
  });

  it('lift one with a name and evidence, and none that is not named by its number', async () => {
    await given({
      connector: { 'POST /internal/halts/3/lift': { data: { ...HALT, lifted_by: 'R. Ortiz' } } },
    });
    const rest = ['--venue', 'gateio', '--by', 'R. Ortiz', '--evidence', 'ticket 8812'];

    const { exitCode } = await system.json(['halt', 'lift', '3', ...rest]);
    const odd = await system.json(['halt', 'lift', '../cases', ...rest]);

    expect(exitCode).toBe(0);
    expect(JSON.parse(system.connector.seen[0]?.body ?? '')).toEqual({
      by: 'R. Ortiz',
      evidence: 'ticket 8812',
    });
    expect(odd.exitCode).toBe(2);
    expect(system.connector.seen).toHaveLength(1);
  });
});
