import { eventually } from '@sluice/test-kit';
import {
  capture,
  commandOf,
  fund,
  givenAccount,
  givenLedger,
  place,
  type CommandBody,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { givenLedgerApp } from '../testkit/given-ledger-app.js';
import { backUp } from '../testkit/put-back.js';
import { SECRETS } from '../testkit/test-authority.js';
import { BookMemory } from './book-memory.js';
import { chainShardOf, type SignedHead } from './chain-digest.js';
import { CompareHeads } from './compare-heads.js';
import { publishChainHeads } from './head-signer.js';

const SILENT = { error: () => undefined, warn: () => undefined, info: () => undefined };

describe('a ledger whose database is put back', () => {
  let ledger: TestLedger;
  let accountId: string;
  let putBack: () => Promise<void>;
  let lost: ReturnType<typeof place>;
  beforeEach(async () => {
    ledger = await givenLedger();
    accountId = await givenAccount(ledger, '100');
    const restore = await backUp(ledger.url);
    putBack = async () => {
      await restore();
      await eventually(() => ledger.database.query('SELECT'));
      await eventually(() => ledger.service.query('SELECT'));
    };
    lost = place(accountId, '30');
  });
  afterEach(() => ledger.close());

  const fromKafka = (...bodies: CommandBody[]) =>
    eventually(() => ledger.applyCommands.applyUnlessHalted(bodies.map((body) => commandOf(body))));
  const refusalOf = async (body: CommandBody): Promise<string> => {
    const refused = await ledger.applyCommands
      .applyUnlessHalted([commandOf(body)])
      .catch((error: unknown) => error);
    return String(refused);
  };
  const reason = async (): Promise<string> => {
    const [halt] = await ledger.database.query<{ reason: string }>(
      'SELECT reason FROM book_halt WHERE lifted_at IS NULL',
    );
    return halt?.reason ?? 'not halted';
  };
  const ownHeads = async (): Promise<readonly SignedHead[]> =>
    (await ledger.database.query<Omit<SignedHead, 'key' | 'signature'>>(HEADS)).map((head) =>
      SECRETS.signer.sign(head),
    );
  const compareWith = (published: readonly SignedHead[]) =>
    new CompareHeads(ledger.unitOfWork, SECRETS.signer, new BookMemory(), SILENT as never, {
      onLogLoss: () => undefined,
      readNewest: (() =>
        Promise.resolve(
          published.map(({ shard, ...head }) => ({ data: { ...head, shard: String(shard) } })),
        )) as never,
    });

  it.each([
    ['captured', () => [lost, capture(lost, '29', '1')]],
    ['held', () => [lost]],
  ])(
    'under a running process halts before it books anything, after it has %s',
    async (_what, of) => {
      await fromKafka(...of());
      await putBack();

      expect(await refusalOf(place(accountId, '5'))).toContain('put back under this process');

      expect(await reason()).toMatch(
        /^the ledger.s database was put back: .*docs\/operations\/backup-and-restore.md/,
      );
      expect(await refusalOf(place(accountId, '5'))).toContain('the book is halted');
      expect(await ledger.balance(accountId)).toBe('0 of 100');
    },
  );

  it('is halted at its start by a newer published head, and publishes none of its own', async () => {
    await fromKafka(lost, capture(lost, '29', '1'));
    const published = await ownHeads();
    await putBack();
    await compareWith(published).withPublished();

    const shard = chainShardOf(accountId);
    expect(await reason()).toContain(`chain ${shard} ends at entry 1 and had entry 2`);
    await ledger.run(fund(accountId, '1', 'by hand')); // operators still may
    const ports = { unitOfWork: ledger.unitOfWork, signer: SECRETS.signer };
    const time = { now: () => new Date(), newId: () => 'id' };
    expect(await publishChainHeads({ ...ports, ...time })).toBe(0);
  });

  it('goes on from what it has once two people have lifted the halt, and halts when it goes back again', async () => {
    await fromKafka(lost, capture(lost, '29', '1'));
    const published = await ownHeads();
    await putBack();
    await compareWith(published).withPublished();
    const app = await givenLedgerApp(ledger);
    for (const person of ['demo', 'peter'])
      await app.ask(
        ...(['POST', '/internal/book-halts/resume'] as const),
        { evidence: 'the captures were sent again' },
        app.issuer.tokenOf(person),
      );
    await app.close();
    await ledger.lifts.look(); // every process verifies the lift itself
    expect(await reason()).toBe('not halted');

    await refusalOf(lost); // this process still remembers the other book: it forgets it now
    await fromKafka(lost, capture(lost, '29', '1'));
    await compareWith([...published, ...(await ownHeads())]).withPublished();
    expect(await reason()).toBe('not halted');
    const ahead = { shard: chainShardOf(accountId), sequence: '9', hash: 'ab'.repeat(32) };
    await compareWith([SECRETS.signer.sign(ahead)]).withPublished();
    expect(await reason()).toContain('had entry 9');
  });

  it('is not halted by a head that it did not sign, nor by its own and older ones', async () => {
    const older = await ownHeads();
    await fromKafka(lost, capture(lost, '29', '1'));
    const [first] = older;
    const forged = { ...first, sequence: '99' } as SignedHead;

    await compareWith([...older, ...(await ownHeads()), forged]).withPublished();

    expect(await reason()).toBe('not halted');
  });
});

const HEADS = `SELECT shard, sequence::text AS sequence, encode(hash, 'hex') AS hash FROM chain_head ORDER BY shard`;
