import { generateKeyPairSync, sign } from 'node:crypto';
import { chainHeadBytes } from '@sluice/signing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StandInSystem } from './testkit/stand-in.js';

describe('the proof of the book', () => {
  let system: StandInSystem;
  const given = async (
    divergence: object | null,
    violations: readonly object[],
    { forged = [], heads = [] }: { forged?: readonly object[]; heads?: readonly object[] } = {},
  ) => {
    const proven = divergence === null && violations.length === 0;
    const data = {
      proven,
      chain: { entries: 6, heads, forged, divergence },
      book: { checked: 14, violations, populations: {} },
    };
    system = await StandInSystem.start({
      intake: {},
      ledger: { 'POST /internal/proof': { data } },
      connector: {},
    });
  };
  afterEach(() => system.stop());

  it('says what was proven', async () => {
    await given(null, []);

    expect(await system.sluice('ledger prove')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('6 entries, 14 invariants'),
    });
  });

  it('fails, and names the first divergence and what it is about', async () => {
    await given({ kind: 'entry_changed', shard: 7, sequence: '2', entries: ['e1'] }, [
      {
        invariant: 'posted-is-sum-of-postings: what is posted is the sum of the postings',
        rows: [],
      },
    ]);

    const { exitCode, stdout } = await system.sluice('ledger prove');

    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      'first divergence: entry_changed at entry 2 of chain 7\n  entry e1\nviolated: posted-is-sum-of-postings: what is posted is the sum of the postings\n',
    );
    expect(stdout).toContain('the book is NOT proven');
  });

  it('tells forged heads from a book that does not hold', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(12).toString('base64');
    const head = { shard: 7, sequence: '2', hash: 'ab'.repeat(32) };
    const signature = sign(null, chainHeadBytes(head), privateKey).toString('base64');
    await given(null, [], { heads: [{ ...head, key, signature }] });
    expect(await system.sluice(`ledger prove --public-key ${key}`)).toMatchObject({
      exitCode: 0,
    });
    await system.stop();

    await given(null, [], { forged: [head], heads: [{ ...head, sequence: '3', key, signature }] });
    const { exitCode, stdout } = await system.sluice(`ledger prove --public-key ${key}`);

    expect(exitCode).toBe(1);
    expect(stdout).toContain('forged: the ledger did not sign the heads 7/2');
    expect(stdout).toContain('the ledger that answered does not sign with your key: 7/3');
    expect(stdout).toContain('the book is proven');
  });

  it('compares with the heads of a file, and refuses a file without a list', async () => {
    await given(null, []);
    const folder = mkdtempSync(join(tmpdir(), 'sluice-heads-'));
    const [heads, other] = [join(folder, 'heads.json'), join(folder, 'other.json')];
    writeFileSync(heads, '[{"shard":7,"sequence":"2","hash":"00"}]');
    writeFileSync(other, '{}');

    await system.sluice(`ledger prove --heads ${heads}`);
    const refused = await system.sluice(`ledger prove --heads ${other}`);
    rmSync(folder, { recursive: true });

    expect(JSON.parse(system.ledger.seen[0]?.body ?? '')).toEqual({
      heads: [{ shard: 7, sequence: '2', hash: '00' }],
    });
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is not a JSON list'),
    });
  });
});

describe('taking old partitions off the journal', () => {
  let system: StandInSystem;
  afterEach(() => system.stop());

  it('asks the ledger, and names what was detached', async () => {
    const data = {
      until: '2026-11-01T00:00:00.000Z',
      partitions: ['journal_entry_202610'],
      entries: '7',
      heads: [],
    };
    system = await StandInSystem.start({
      intake: {},
      ledger: { 'POST /internal/journal/detachments': { data } },
      connector: {},
    });

    const { exitCode, stdout } = await system.sluice('ledger detach --before 2026-11-01');

    expect([exitCode, stdout]).toEqual([
      0,
      'the book is proven; the journal begins 2026-11-01T00:00:00.000Z\n  detached journal_entry_202610\n',
    ]);
    expect(JSON.parse(system.ledger.seen[0]?.body ?? '')).toEqual({ before: '2026-11-01' });
  });
});
