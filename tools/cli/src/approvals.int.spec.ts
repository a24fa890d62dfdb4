import { StandInSystem } from './testkit/stand-in.js';

const WAITING = {
  id: '3',
  action: 'decide submission',
  target: '01932d5a-7c3e-7f00-8000-000000000001',
  request: { decision: 'absent', evidence: 'ticket 8812' },
  state: 'awaited',
  requested_by: 'olivia',
  requested_at: '2026-11-20T08:00:00Z',
  expires_at: '2026-11-21T08:00:00Z',
  approved_by: null,
  approved_at: null,
};

describe('approvals by command', () => {
  let system: StandInSystem;
  const given = async (answers: Readonly<Record<string, object>>) =>
    void (system = await StandInSystem.start({ intake: {}, ledger: answers, connector: {} }));
  afterEach(() => system.stop());

  it('are listed with their exact content, ended ones only with --all', async () => {
    await given({
      'GET /internal/payment-approvals': { data: [] },
      'GET /internal/approvals': {
        data: [WAITING, { ...WAITING, id: '2', state: 'approved', approved_by: 'peter' }],
      },
    });

    const { stdout } = await system.sluice('approvals list --service ledger');
    const all = await system.sluice('approvals list --service ledger --all');

    expect(stdout).toContain('{"decision":"absent","evidence":"ticket 8812"}');
    expect(stdout).not.toContain('approved  ');
    expect(all.stdout).toContain('peter');
  });

  it('are carried out by the second person, and a refusal is its sentence', async () => {
    const message = 'olivia has requested this already, as approval 3: it takes another person';
    await given({
      'POST /internal/approvals/3': { data: { id: '3', result: { state: 'refused' } } },
      'POST /internal/approvals/4': { status: 409, message },
    });

    expect(await system.sluice('approve 3 --service ledger')).toMatchObject({
      exitCode: 0,
      stdout: 'approval 3 of ledger is carried out: {"state":"refused"}\n',
    });
    expect(await system.sluice('approve 4 --service ledger')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(message),
    });
  });
});
