import { Injectable } from '@nestjs/common';
import { asWritten, type BookHaltDto, type DatedRow } from '@sluice/http-api';
import { Database, type Tx } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import {
  type Agreement,
  type EndedTable,
  EndsWatch,
  inForceSql,
  InjectLogger,
  RecordSeals,
  type Violations,
} from '@sluice/service-shell';

/** The lifts of the book, as a table with sealed ends. The book has at most one open halt. */
export const BOOK_ENDS: EndedTable = {
  table: 'book_halt',
  idType: 'uuid',
  sealed: ['id', 'reason', 'opened_at', 'lifted_at', 'lifted_by', 'lift_approved_by', 'evidence'],
  ending: ['lifted_at', 'lifted_by', 'lift_approved_by', 'evidence'],
  reopenedIf: 'NOT EXISTS (SELECT FROM book_halt b WHERE b.lifted_at IS NULL)',
};

/** Verifies each lift soon after its commit: after a forged lift the book stays halted. */
@Injectable()
export class BookLifts extends EndsWatch {
  constructor(database: Database, seals: RecordSeals, @InjectLogger() logger: Logger) {
    super(BOOK_ENDS, 'check of the lifts of the book', { database, seals, logger });
  }
}

type Reader = Pick<Database, 'query'>;

/** A batch during a halt is retried until a person lifts the halt; no command is refused. */
export class BookHaltedError extends Error {
  override readonly name = 'BookHaltedError';
  /** SQLSTATE class 57, operator intervention: libs/kafka retries errors of this class. */
  readonly code = '57H01';
}

type HaltRow = DatedRow<BookHaltDto>;

const COLUMNS = 'reason, opened_at, lifted_at, lifted_by, lift_approved_by, evidence';
const IN_FORCE = `SELECT b.reason FROM book_halt b WHERE ${inForceSql('b', BOOK_ENDS, '$1')}`;
const LOCK = 'SELECT id FROM book_halt WHERE lifted_at IS NULL FOR UPDATE';

/** Halts the book in every instance from the next batch on. */
export async function haltBook(database: Reader, reason: string): Promise<void> {
  await database.query('INSERT INTO book_halt (reason) VALUES ($1) ON CONFLICT DO NOTHING', [
    reason,
  ]);
}

export function reasonOf(violations: Violations): string {
  return violations.map(({ invariant }) => invariant.split(':')[0] ?? invariant).join(', ');
}

/** Returns the halt in force as a fault for `/readyz`; empty if the book is not halted. */
export async function haltFaults(
  database: Reader,
  { verified }: Pick<BookLifts, 'verified'>,
): Promise<readonly string[]> {
  const rows = await database.query<{ reason: string }>(IN_FORCE, [verified]);
  return rows.map(({ reason }) => `halted, a person has to check it: ${reason}`);
}

/** Newest first. */
export async function bookHalts(database: Reader): Promise<BookHaltDto[]> {
  const rows = await database.query<HaltRow>(
    `SELECT ${COLUMNS} FROM book_halt ORDER BY opened_at DESC, id DESC LIMIT 100`,
  );
  return rows.map((row) => asWritten<BookHaltDto>(row));
}

/** Locks the halt in force and returns its id; null without one. */
export async function lockBookHalt(tx: Pick<Tx, 'query'>): Promise<string | null> {
  const [halt] = await tx.query<{ id: string }>(LOCK);
  return halt?.id ?? null;
}

/**
 * Lifts the halt and seals the lift. Every chain head is published again, because the book continues
 * from its present state.
 */
export async function liftBookHalt(
  tx: Pick<Tx, 'query'>,
  id: string,
  { requestedBy, approvedBy }: Agreement,
  evidence: string,
  lifts: Pick<BookLifts, 'seal'>,
): Promise<BookHaltDto> {
  const [row] = await tx.query<HaltRow>(
    `UPDATE book_halt SET lifted_at = now(), lifted_by = $2, lift_approved_by = $3, evidence = $4 WHERE id = $1 RETURNING ${COLUMNS}`,
    [id, requestedBy, approvedBy, evidence],
  );
  if (!row) throw new Error(`halt ${id} of the book is gone`);
  await lifts.seal(tx, id);
  await tx.query('UPDATE chain_head SET published = 0 WHERE published > 0');
  return asWritten<BookHaltDto>(row);
}
