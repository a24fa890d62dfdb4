import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { isSameAddress, type RawTransaction, signedTransaction } from '@sluice/evm';
import { ok, refuse, type Result } from '@sluice/kernel';
import { UnitOfWork } from '@sluice/postgres';
import { Batcher, crashAt } from '@sluice/runtime';
import { Health, SelfChecks } from '@sluice/service-shell';
import type { SignatureRequestDto, SignerRefusal } from '@sluice/signer-api';
import { KEY_STORE, type SigningKeyStore } from '../keys/key-store.js';
import { NonceRecords } from '../records/nonce-records.js';
import { NonceWatch } from '../records/nonce-watch.js';
import { decide, prepare, type PreparedOrder } from './decide.js';
import {
  installTotals,
  lockBook,
  type MadeSignature,
  saveBook,
  storeSignatures,
} from './signature-store.js';
import { type SigningRules, understand } from './understand.js';

export const RULES = Symbol('Rules');

/** May be signed now, was signed before, or is refused. */
type SignatureVerdict = Result<RawTransaction | null, SignerRefusal>;

/** Maximum number of requests in a transaction; later requests gather while a transaction runs. */
const BATCH = { limit: 200 };

/**
 * Signs transactions: nonce committed before signing, signature stored before the answer. A repeat
 * returns the same bytes, wherever a process crashed.
 */
@Injectable()
export class Signatures implements OnApplicationBootstrap {
  private readonly deciding = new Batcher<PreparedOrder, SignatureVerdict>(
    (orders) => this.decideAll(orders),
    BATCH,
  );
  private readonly storing = new Batcher<MadeSignature, RawTransaction>(
    (made) => this.storeAll(made),
    BATCH,
  );

  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(KEY_STORE) private readonly keys: SigningKeyStore,
    @Inject(RULES) private readonly rules: SigningRules,
    private readonly records: NonceRecords,
    private readonly watch: NonceWatch,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const totals = [...this.rules.chains.values()].flatMap((chain) => chain.spendings());
    await installTotals(this.unitOfWork.database, totals);
    await this.watch.start();
  }

  /** Throws if key store or database fail: the outcome is unknown, and the caller retries. */
  async sign(request: SignatureRequestDto): Promise<Result<RawTransaction, SignerRefusal>> {
    const order = understand(request, this.rules);
    if (!order.ok) return order;
    const prepared = prepare(order.value);
    const verdict = await this.deciding.add(prepared);
    if (!verdict.ok) return verdict;
    crashAt('signer.after-commit');
    const transaction = verdict.value ?? (await this.make(prepared));
    crashAt('signer.after-signature');
    return ok(transaction);
  }

  private async make(prepared: PreparedOrder): Promise<RawTransaction> {
    const { transfer } = prepared.order;
    const signature = await this.keys.sign(transfer.from, prepared.hash);
    return this.storing.add({ ...prepared, transaction: signedTransaction(transfer, signature) });
  }

  private async decideAll(orders: readonly PreparedOrder[]): Promise<readonly SignatureVerdict[]> {
    const { verdicts, added } = await this.unitOfWork.run(async (tx) => {
      const { book, signed } = await lockBook(tx, orders, this.records);
      if (this.records.fault !== null)
        return { verdicts: orders.map(() => refuse('records_altered' as const)), added: [] };
      const verdicts = orders.map((prepared): SignatureVerdict => {
        // Already charged: a cap reached since does not refuse the order.
        const before = signed.of(prepared);
        const refusal = decide(book, prepared.order, before !== null);
        return refusal === null ? ok(before) : refuse(refusal);
      });
      const added = saveBook(tx, book, this.records);
      crashAt('signer.before-commit');
      return { verdicts, added };
    });
    this.records.learn(added);
    return verdicts;
  }

  private async storeAll(made: readonly MadeSignature[]): Promise<readonly RawTransaction[]> {
    const stored = await this.unitOfWork.run((tx) => storeSignatures(tx, made));
    return made.map((one) => {
      const transaction = stored.of(one);
      if (!transaction) throw new Error(`the signature of ${one.hash} was not stored`);
      return transaction;
    });
  }
}

/** Reports wallets without a key: no payment leaves from them. Closes the key store on shutdown. */
@Injectable()
export class MissingKeys implements OnApplicationShutdown {
  constructor(
    @Inject(KEY_STORE) private readonly keys: SigningKeyStore,
    @Inject(RULES) private readonly rules: SigningRules,
    health: Health,
    selfChecks: SelfChecks,
  ) {
    health.add('keys', () => this.faults());
    selfChecks.add({
      name: 'keys of wallets',
      look: () =>
        Promise.resolve({
          findings: this.faults().map((wrong) => ({
            code: 'no-key',
            wrong: `${wrong}.`,
            follows: 'Nothing is sent from there: withdrawals that take this wallet wait.',
            remedy: `Check EVM_CHAINS_FILE of the signer, and whether ${this.keys.place} is the right place.`,
          })),
        }),
    });
  }

  faults(): readonly string[] {
    return [...this.rules.chains.values()].flatMap(({ settings: { network, wallets } }) =>
      wallets
        .filter(({ address }) => !this.keys.addresses().some((one) => isSameAddress(one, address)))
        .map(
          ({ address }) => `${this.keys.place} has no key of ${address}, a wallet on ${network}`,
        ),
    );
  }

  onApplicationShutdown(): Promise<void> {
    return this.keys.close();
  }
}
