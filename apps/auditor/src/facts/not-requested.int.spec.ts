import { randomUUID } from 'node:crypto';
import { type Database, type UnitOfWork } from '@sluice/postgres';
import { givenAuditor } from '../testkit/given-auditor.js';
import { type JudgedRequest, NOT_REQUESTED } from '../writes/request-behind.js';
import { type FollowedEvent, ledgerFacts } from '../writes/ledger-facts.js';
import { storeFacts } from '../writes/store-facts.js';

const [BY_PROOF, BY_NONE]: JudgedRequest[] = [
  { by: 'proof', publicKey: null },
  { by: null, publicKey: null },
];

interface Given {
  readonly minutesAgo?: number;
  readonly accountId?: string;
  readonly withdrawalId?: string;
}

describe('the comparison of holds with requests', () => {
  let owner: Database;
  let service: Database;
  let unitOfWork: UnitOfWork;
  beforeEach(async () => {
    ({ owner, service, unitOfWork } = await givenAuditor());
  });
  afterEach(() => Promise.all([owner.close(), service.close()]));

  /** Stores a hold, placed so many minutes ago, and returns its withdrawal. */
  async function held(
    request: JudgedRequest | undefined,
    { minutesAgo = 0, accountId = randomUUID(), withdrawalId = randomUUID() }: Given = {},
  ): Promise<string> {
    const data = { withdrawalId, accountId, asset: 'USDT.ETH', amount: '5', venue: 'a' };
    const time = new Date(Date.now() - minutesAgo * 60_000).toISOString();
    const built: object = { id: '1', source: 'ledger', time, type: 'ledger.hold-placed.v1', data };
    const facts = ledgerFacts([built as FollowedEvent], () => request ?? BY_NONE!);
    await unitOfWork.run((tx) => storeFacts(tx, facts));
    return withdrawalId;
  }

  async function found(): Promise<readonly string[]> {
    await service.query(NOT_REQUESTED);
    const rows = await service.query<{ subject: string }>(
      `SELECT subject FROM finding WHERE kind = 'order_not_requested' AND scope = 'account' ORDER BY id`,
    );
    return rows.map(({ subject }) => subject);
  }

  it('finds a hold without a request once, and no hold with one', async () => {
    await held(BY_PROOF, { minutesAgo: 20 });
    const forged = await held(BY_NONE);

    expect(await found()).toEqual([forged]);
    expect(await found()).toEqual([forged]);
  });

  it('judges every hold, also before the first proof', async () => {
    const first = await held(BY_NONE, { minutesAgo: 60 });
    expect(await found()).toEqual([first]);
  });

  it('keeps the first fact of a hold: a repeated event without the request changes nothing', async () => {
    const withdrawalId = await held(BY_PROOF, { minutesAgo: 20 });
    await held(BY_PROOF, { withdrawalId: randomUUID() });
    await held(BY_NONE, { withdrawalId });

    expect(await found()).toEqual([]);
  });

  it('needs the signature of an account that has signed before: a proof is not enough', async () => {
    const accountId = randomUUID();
    await held(BY_PROOF, { minutesAgo: 30, accountId });
    await held({ by: 'signature', publicKey: 'k' }, { minutesAgo: 20, accountId });
    await held({ by: 'signature', publicKey: 'k' }, { accountId });
    await held(BY_PROOF);
    expect(await found()).toEqual([]);

    const forged = await held(BY_PROOF, { accountId });
    expect(await found()).toEqual([forged]);
  });
});
