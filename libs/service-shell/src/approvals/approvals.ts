import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApiError, type ApprovalDto, type AwaitedDto, type Caller } from '@sluice/http-api';
import { Database, type Tx } from '@sluice/postgres';
import { AWAITED, END, INSERT, LIST, ONE } from './approval-sql.js';
import { canonicalJson } from './canonical-json.js';

/**
 * An action requiring two people. The approval covers the whole content: evidence, amounts, and the
 * state described by the demand.
 */
export interface Demand {
  /**
   * Action name, e.g. `decide submission`. At most a single demand is open for an action and
   * target.
   */
  readonly action: string;
  readonly target: string;
  readonly request: object;
}

/** The two people of an approved demand. */
export interface Agreement {
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/**
 * Executes an approved demand in the name of the second person. The function repeats the same call,
 * and the call finds the first person's demand.
 */
type ApprovedAction = (target: string, request: unknown, caller: Caller) => Promise<object>;

interface ApprovalRow {
  readonly id: string;
  readonly action: string;
  readonly target: string;
  readonly request: string;
  readonly digest: string;
  readonly requested_by: string;
  readonly expires_at: Date;
  readonly has_expired: boolean;
  readonly approved_by: string | null;
  readonly voided_by: string | null;
}

/**
 * Demands requiring two people. A demand takes effect when another person with the role `approve`
 * makes exactly the same demand within a day.
 */
@Injectable()
export class Approvals {
  private readonly actions = new Map<string, ApprovedAction>();

  constructor(private readonly database: Database) {}

  /** Registers the function for the execution of an approved action. */
  register(action: string, run: ApprovedAction): void {
    this.actions.set(action, run);
  }

  /**
   * Stores the demand and returns the awaited approval. Returns null if another person has made
   * exactly the same demand: the caller continues with `approve`.
   *
   * An open demand with other content for the same action and target is voided. Throws for
   * services, and for a repetition by the same person.
   */
  async ask(tx: Tx, demand: Demand, caller: Caller): Promise<AwaitedDto | null> {
    if (caller.kind !== 'person')
      throw new ApiError(403, 'This takes two people, and a service is none');
    const open = await awaited(tx, demand);
    if (open && isSame(open, demand)) {
      refuseSamePerson(open, caller);
      return null;
    }
    if (open) await tx.query(END.voided, [open.id, caller.name]);
    const { action, target, request } = demand;
    const text = canonicalJson(request);
    const [row] = await tx.query<{ id: string; expires_at: Date }>(INSERT, [
      action,
      target,
      text,
      digestOf(demand),
      caller.name,
    ]);
    if (!row)
      throw ApiError.conflict(
        'Another request for the same subject was recorded at the same moment',
      );
    return {
      approval_id: row.id,
      awaits: 'a second person with the role approve',
      expires_at: row.expires_at.toISOString(),
    };
  }

  /** Like `ask`, for demands reserved for administrators. The second person needs the role approve. */
  async askAsAdministrator(tx: Tx, demand: Demand, caller: Caller): Promise<AwaitedDto | null> {
    const awaiting = await this.ask(tx, demand, caller);
    if (awaiting && !caller.roles.includes('administer'))
      throw new ApiError(
        403,
        `${caller.name} may not request this: the role administer is required`,
      );
    return awaiting;
  }

  /**
   * Marks the demand as approved, in the transaction executing the demand. Throws if the first
   * person's demand is missing.
   */
  async approve(tx: Tx, demand: Demand, caller: Caller): Promise<Agreement> {
    const open = await awaited(tx, demand);
    if (!open || !isSame(open, demand))
      throw ApiError.conflict('The subject of the request has changed meanwhile: request it again');
    refuseSamePerson(open, caller);
    if (caller.kind !== 'person' || !caller.roles.includes('approve'))
      throw new ApiError(403, `${caller.name} may not approve this: it takes the role approve`);
    await tx.query(END.approved, [open.id, caller.name, [...caller.roles]]);
    return { requestedBy: open.requested_by, approvedBy: caller.name };
  }

  /** Executes the demand with this id in the name of the second person. */
  async carryOut(id: string, caller: Caller): Promise<object> {
    const [row] = await this.database.query<ApprovalRow>(ONE, [id]);
    if (!row) throw ApiError.notFound('No such approval here');
    if (row.approved_by !== null)
      throw ApiError.conflict(`It was approved already by ${row.approved_by}`);
    if (row.voided_by !== null)
      throw ApiError.conflict('The request is no longer valid: a newer request replaced it');
    if (row.has_expired) throw ApiError.conflict('The request has expired: request it again');
    refuseSamePerson(row, caller);
    const run = this.actions.get(row.action);
    if (!run) throw ApiError.conflict(`This service does not know how to ${row.action}`);
    return run(row.target, JSON.parse(row.request), caller);
  }

  /** Lists waiting demands first, followed by the other demands; newest first in both groups. */
  list(): Promise<ApprovalDto[]> {
    return this.database.query<ApprovalDto>(LIST);
  }
}

async function awaited(tx: Tx, { action, target }: Demand): Promise<ApprovalRow | undefined> {
  return (await tx.query<ApprovalRow>(AWAITED, [action, target]))[0];
}

function isSame({ digest, has_expired: hasExpired }: ApprovalRow, demand: Demand): boolean {
  return !hasExpired && digest === digestOf(demand).toString('hex');
}

function digestOf({ action, target, request }: Demand): Buffer {
  return createHash('sha256')
    .update(`${action}\n${target}\n${canonicalJson(request)}`)
    .digest();
}

function refuseSamePerson({ id, requested_by: first }: ApprovalRow, { name }: Caller): void {
  if (first.toLowerCase() === name.toLowerCase())
    throw ApiError.conflict(
      `${first} has requested this already, as approval ${id}: it takes another person`,
    );
}
