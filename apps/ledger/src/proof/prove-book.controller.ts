import { Body, Post } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  ProofDto,
  ProveBookDto,
  Refuses,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { HoldAuthority } from '../commands/hold-authority.js';
import type { ChainHead, ChainReport, GivenHead } from '../hash-chain/chain-digest.js';
import { ChainKeys } from '../hash-chain/chain-keys.js';
import { type ChainSecrets, HeadSigner } from '../hash-chain/head-signer.js';
import { checkInvariants, type InvariantReport } from '../postgres/check-invariants.js';
import type { Query } from '../sql/id-ranges.js';
import { checkHoldEvidence, HOLD_EVIDENCE, type HoldEvidenceReport } from './hold-evidence.js';
import { type Cutoff, verifyChain } from './verify-chain.js';

@AdminController('proof')
export class ProofController {
  constructor(
    private readonly database: Database,
    private readonly keys: ChainKeys,
    private readonly signer: HeadSigner,
    private readonly authority: HoldAuthority,
  ) {}

  @Post()
  @Requires(...ROLES)
  @ApiOperation({
    summary:
      'Verifies the chains, recomputes balances and holds from the journal, and names the first divergence',
    description: 'Reads the whole book: for operators, not for every minute.',
  })
  @ApiBody({ type: ProveBookDto, required: false })
  @Answers(ProofDto)
  @Refuses()
  prove(@Body() { heads }: ProveBookDto): Promise<ProofDto> {
    const { keys, signer, authority } = this;
    return proveBook(this.database, { keys, signer, authority }, heads);
  }
}

const FAULTS_SHOWN = 20;

/** Secrets of a proof: keys of chains and heads, and the verifier of the venues' proofs. */
interface ProofSecrets extends ChainSecrets {
  readonly authority: HoldAuthority;
}

export interface Proof {
  readonly proven: boolean;
  /** Comparison of the journal with the chains. */
  readonly chain: ChainReport;
  /** Balances and holds, recomputed from the journal. */
  readonly book: InvariantReport;
}

/**
 * Proves the whole book in a single snapshot, read-only. The journal must match the chains, and
 * balances and holds must match the journal. Given heads signed by this ledger are compared; other
 * heads are reported as forged.
 */
export async function proveBook(
  database: Database,
  { keys, signer, authority }: ProofSecrets,
  given: readonly GivenHead[] = [],
): Promise<Proof> {
  const { ours = [], forged = [] } = Object.groupBy(given, (head) =>
    signer.signed(head) ? 'ours' : 'forged',
  );
  return inOneSnapshot(database, async (query) => {
    const { proven, chain, book } = await prove(query, keys, ours);
    const holds = await checkHoldEvidence(query, { keys, authority });
    return {
      proven: proven && holds.faults.length === 0,
      chain: { ...chain, heads: chain.heads.map((head) => signer.sign(head)), forged },
      book: withEvidence(book, holds),
    };
  });
}

/** Adds the check of the holds' evidence, done in code, to the report of the invariants. */
function withEvidence(
  { checked, violations, populations }: InvariantReport,
  { verified, faults }: HoldEvidenceReport,
): InvariantReport {
  return {
    checked: checked + 1,
    violations:
      faults.length === 0
        ? violations
        : [...violations, { invariant: HOLD_EVIDENCE, rows: faults.slice(0, FAULTS_SHOWN) }],
    populations: { ...populations, holds_verified: verified },
  };
}

/** Runs both halves of the proof in the caller's transaction. */
export async function prove(
  query: Query,
  keys: ChainKeys,
  published: readonly ChainHead[] = [],
  cutoff?: Cutoff,
): Promise<Proof> {
  const chain = await verifyChain(query, keys, published, cutoff);
  const book = await checkInvariants(query);
  return { proven: chain.divergence === null && book.violations.length === 0, chain, book };
}

/** Runs many bounded statements on the same snapshot. */
export function inOneSnapshot<T>(
  database: Database,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  return database.withClient(async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      return await work(
        async <R extends object>(sql: string, params: readonly unknown[] = []) =>
          (await client.query<R>(sql, [...params])).rows,
      );
    } finally {
      await client.query('ROLLBACK');
    }
  });
}
