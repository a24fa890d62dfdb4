import { StandInSystem } from './testkit/stand-in.js';

const HASH = 'ab'.repeat(32);
const ENTRY = {
  sequence: '7',
  at: '2026-11-20T08:00:00.000001Z',
  caller_kind: 'person',
  caller_name: 'R. Ortiz',
  remote: '10.0.0.7',
  method: 'POST',
  target: '/internal/accounts',
  status: 201,
  refusal: null,
  summary: 'name: demo',
};

describe('the audit log by command', () => {
  let system: StandInSystem;
  const given = async (answers: Readonly<Record<string, { data?: unknown; raw?: object }>>) => {
    system = await StandInSystem.start({ intake: {}, ledger: answers, connector: {} });
  };
  afterEach(() => system.stop());

  it('is listed with who, from where, what and the answer', async () => {
    const data = [ENTRY, { ...ENTRY, status: null }];
    const raw = { success: true, message: 'OK', data, data_count: 2, next_cursor: null };
    await given({ 'GET /internal/audit': { raw } });

    const { stdout } = await system.sluice(
      'audit list --service ledger --by "R. Ortiz" --since 2026-11-20T00:00:00Z',
    );

    expect(stdout).toMatch(/R\. Ortiz +10\.0\.0\.7 +POST \/internal\/accounts +201 +name: demo/);
    expect(stdout).toMatch(/POST \/internal\/accounts +asked/);
    expect(await system.sluice('audit list --since yesterday')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--since takes a UTC time'),
    });
  });

  it('is proven, with the head to keep, and compared with heads that were kept', async () => {
    const head = { sequence: '7', hash: HASH };
    await given({
      'POST /internal/audit/proof': {
        data: { proven: true, entries: 7, head, broken: null, forged_approvals: [] },
      },
    });

    const proven = await system.sluice(`audit prove --service ledger --head 5:${HASH}`);

    expect(proven).toMatchObject({
      exitCode: 0,
      stdout: `ledger: 7 entries are proven, head 7:${HASH}\n`,
    });
    expect(JSON.parse(system.ledger.seen[0]?.body ?? '')).toEqual({
      heads: [{ sequence: '5', hash: HASH }],
    });
    expect(await system.sluice(`audit prove --head 5:${HASH}`)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('name it with --service'),
    });
    expect(await system.sluice('audit prove --service ledger --head x')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--head takes ID:HASH'),
    });
  });

  it('fails with 1 and names the entry that is wrong', async () => {
    const broken = { sequence: '3', because: 'the hash of the entry does not match the content' };
    await given({
      'POST /internal/audit/proof': { data: { proven: false, entries: 2, head: null, broken } },
    });

    expect(await system.sluice('audit prove --service ledger')).toMatchObject({
      exitCode: 1,
      stdout: 'ledger: entry 3 is wrong: the hash of the entry does not match the content\n',
    });
  });
});
