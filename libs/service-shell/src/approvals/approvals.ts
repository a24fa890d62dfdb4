import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApiError, type ApprovalDto, type AwaitedDto, type Caller } from '@sluice/http-api';
import { Database, type Tx } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import type { MessageKeys } from '@sluice/signing';
import { isSamePersonName } from '../callers/people.js';
import { PasskeyRule } from '../passkeys/passkey-rule.js';
import { countForgedRecord, RecordSeals } from '../seals/record-seals.js';
import { reportsToAuditor } from '../settings/reports-to-auditor.js';
import { InjectLogger, InjectPlatform } from '../settings/tokens.js';
import {
  APPROVAL_KIND,
  approvalContent,
  type ApprovalRow,
  AWAITED,
  END,
  INSERT,
  LIST,
  ONE,
  REQUEST_KIND,
  requestContent,
  SEAL_REQUEST,
} from './approval-row.js';
import { approvedMessage, requestedMessage } from './demand-messages.js';

/** An action of two people. The approval covers the whole content. */
export interface Demand {
  /** Such as `decide submission`; at most one demand is open per action and target. */
  readonly action: string;
  readonly target: string;
  readonly request: object;
}

export interface Agreement {
  readonly requestedBy: string;
  readonly approvedBy: string;
}

export interface DemandingService {
  readonly name: string;
  readonly messageKeys: Pick<MessageKeys, 'names'>;
}

/** Repeats the same call as the second person, which finds the first person's demand. */
type ApprovedAction = (target: string, request: unknown, caller: Caller) => Promise<object>;

/**
 * Demands of two people: effective when another person with the role `approve` makes exactly the
 * same within a day.
 */
@Injectable()
export class Approvals {
  private readonly actions = new Map<string, ApprovedAction>();
  private readonly service: string;
  /** True if each demand and approval is sent to the auditor. */
  private readonly isReported: boolean;

  constructor(
    private readonly database: Database,
    private readonly seals: RecordSeals,
    @InjectLogger() private readonly logger: Pick<Logger, 'error'>,
    @InjectPlatform() { name, messageKeys }: DemandingService,
    private readonly passkeys: PasskeyRule,
  ) {
    this.service = name;
    this.isReported = reportsToAuditor(name, messageKeys);
  }

  register(action: string, run: ApprovedAction): void {
    this.actions.set(action, run);
  }

  /**
   * Stores the demand and returns the awaited approval; null if another person has made the same:
   * continue with `approve`. An open demand with other content, or without valid seal, is voided.
   * Throws for services, for the same person, and without the passkey that the caller needs.
   */
  async ask(tx: Tx, demand: Demand, caller: Caller): Promise<AwaitedDto | null> {
    if (caller.kind !== 'person')
      throw new ApiError(403, 'This takes two people, and a service is none');
    this.passkeys.require(caller);
    const open = await awaited(tx, demand);
    if (open && isSame(open, demand) && this.isOurs(open)) {
      refuseSamePerson(open, caller);
      return null;
    }
    if (open) await tx.query(END.voided, [open.id, caller.name]);
    const { action, target, request } = demand;
    const text = canonicalJson(request);
    const [row] = await tx.query<ApprovalRow>(INSERT, [
      action,
      target,
      text,
      digestOf(demand),
      caller.name,
      await this.passkeys.use(tx, caller),
    ]);
    if (!row)
      throw ApiError.conflict(
        'Another request for the same subject was recorded at the same moment',
      );
    await tx.query(SEAL_REQUEST, [row.id, this.seals.seal(REQUEST_KIND, requestContent(row))]);
    if (this.isReported) tx.publish(requestedMessage(this.service, row, caller.callId ?? null));
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

  /** Marks as approved, in the executing transaction. Throws without the first person's demand. */
  async approve(tx: Tx, demand: Demand, caller: Caller): Promise<Agreement> {
    const open = await awaited(tx, demand);
    if (!open || !isSame(open, demand))
      throw ApiError.conflict('The subject of the request has changed meanwhile: request it again');
    refuseSamePerson(open, caller);
    if (caller.kind !== 'person' || !caller.roles.includes('approve'))
      throw new ApiError(403, `${caller.name} may not approve this: it takes the role approve`);
    if (!this.isOurs(open)) throw ApiError.conflict(UNSEALED);
    const { name: approvedBy, roles, callId = null } = caller;
    const approvedWith = await this.passkeys.use(tx, caller);
    const content = approvalContent(open, { approvedBy, approvedWith, roles }, open.now_text);
    await tx.query(END.approved, [
      open.id,
      approvedBy,
      [...roles],
      open.now_text,
      this.seals.seal(APPROVAL_KIND, content),
      approvedWith,
    ]);
    const approved = { approvedBy, approvedAt: open.now_text, callId };
    if (this.isReported) tx.publish(approvedMessage(this.service, open, approved));
    return { requestedBy: open.requested_by, approvedBy };
  }

  /** Executes the demand with this digest. A caller who needs a passkey has to name the digest. */
  async carryOut(id: string, digest: string | null, caller: Caller): Promise<object> {
    const [row] = await this.database.query<ApprovalRow>(ONE, [id]);
    if (!row) throw ApiError.notFound('No such approval here');
    if (row.approved_by !== null)
      throw ApiError.conflict(`It was approved already by ${row.approved_by}`);
    if (row.voided_by !== null)
      throw ApiError.conflict('The request is no longer valid: a newer request replaced it');
    if (row.has_expired) throw ApiError.conflict('The request has expired: request it again');
    if (!this.isOurs(row)) throw ApiError.conflict(UNSEALED);
    refuseSamePerson(row, caller);
    this.passkeys.require(caller);
    if (digest === null && this.passkeys.isNeeded(caller))
      throw ApiError.invalid(['digest: Field required']);
    if (digest !== null && digest !== row.digest)
      throw ApiError.conflict('The digest is not that of the request: show the request again');
    const run = this.actions.get(row.action);
    if (!run) throw ApiError.conflict(`This service does not know how to ${row.action}`);
    return run(row.target, JSON.parse(row.request), caller);
  }

  /** Lists waiting demands first, followed by the other demands; newest first in both groups. */
  list(): Promise<ApprovalDto[]> {
    return this.database.query<ApprovalDto>(LIST);
  }

  /** True if a process of this service has stored the request, with these people and this content. */
  private isOurs(row: ApprovalRow): boolean {
    const { id, action, target, requested_by: by, request_seal: seal } = row;
    const isOurs =
      digestOfText(row) === row.digest &&
      this.seals.isSealed(REQUEST_KIND, requestContent(row), seal);
    if (isOurs) return true;
    countForgedRecord('approval');
    this.logger.error(
      { approval: id, action, target, by },
      'a request without a valid seal does not count: another party writes to this database',
    );
    return false;
  }
}

/** Answer to the approval of a request that no process of this service has stored. */
const UNSEALED = 'The request has no valid seal: request it again';

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

/** Digest of the stored text, which `carryOut` executes. */
function digestOfText({ action, target, request }: ApprovalRow): string {
  return createHash('sha256').update(`${action}\n${target}\n${request}`).digest('hex');
}

function refuseSamePerson({ id, requested_by: first }: ApprovalRow, { name }: Caller): void {
  if (isSamePersonName(first, name))
    throw ApiError.conflict(
      `${first} has requested this already, as approval ${id}: it takes another person`,
    );
}

/** JSON with the names of each object in order: equal content is equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
