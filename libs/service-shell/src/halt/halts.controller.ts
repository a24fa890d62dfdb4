import { randomUUID } from 'node:crypto';
import { Body, Get, Inject, Injectable, Optional, Param, Post } from '@nestjs/common';
import { IsNull } from 'typeorm';
import {
  type Accepted,
  acceptedWhenAwaited,
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  type AwaitedDto,
  type Caller,
  CallerOf,
  HaltDto,
  HaltParams,
  type HaltScope,
  LiftHaltDto,
  MayAwait,
  OpenHaltDto,
  ReadOften,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { ok, refuse, type Result } from '@sluice/kernel';
import { Database, type Tx, UnitOfWork } from '@sluice/postgres';
import { Approvals } from '../approvals/approvals.js';
import { Inbox } from '../inbox/inbox.js';
import { HALT_ENDS, HaltLifts } from './halt-lifts.js';
import { HaltEntity } from './halt.entity.js';
import { isOfSubject, openHalts } from './open-halts.js';
import { inForceSql } from './sealed-ends.js';

/** Request of a person to open a halt. */
interface HaltOrder {
  readonly by: string;
  readonly details: string;
  readonly scope: HaltScope;
  readonly target: string | null;
  /**
   * Name of a request sent to several services or repeated: the same name opens a single halt.
   * Default: a random name.
   */
  readonly name?: string;
}

type LiftRefusal =
  | { kind: 'no_such_halt' }
  | { kind: 'lifted_already'; halt: HaltEntity }
  | { kind: 'cause_remains'; message: string };

type Lifted = Result<HaltEntity | AwaitedDto, LiftRefusal>;

/**
 * Returns the remaining cause of a halt with the command that removes the cause, or null if people
 * may lift the halt.
 */
export type RemainingCause = (tx: Tx, halt: HaltEntity) => Promise<string | null>;

/** Injection token, optional: the RemainingCause of a service. */
export const REMAINING_CAUSE = Symbol('RemainingCause');

/** Name of the approval action for lifting a halt. */
const LIFT = 'lift halt';

const LONGEST_LIST = 200;

/** Halts in the database of a service, for operators to list and change. */
@Injectable()
export class Halts {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly approvals: Approvals,
    private readonly lifts: HaltLifts,
    @Optional() @Inject(REMAINING_CAUSE) private readonly remainingCause?: RemainingCause,
  ) {}

  /** Lists open halts, followed by lifted halts, each group newest first. */
  async list(): Promise<HaltEntity[]> {
    await this.lifts.look();
    const inForce = await this.lifts.inForce(this.database, LONGEST_LIST);
    const lifted = await this.lifts.lifted(this.database);
    return [...inForce, ...lifted].slice(0, LONGEST_LIST);
  }

  /** Ids of the halts with a verified lift, for `inForceSql`. */
  get verifiedLifts(): readonly string[] {
    return this.lifts.verified;
  }

  inForce(): Promise<HaltEntity[]> {
    return this.lifts.inForce(this.database);
  }

  /**
   * Opens a halt requested by a person, independent of other halts. A repeated name returns the
   * existing halt.
   */
  async open({ by, name, ...halt }: HaltOrder): Promise<HaltEntity> {
    const of = { reason: 'operator', subject: name ?? randomUUID() };
    return this.unitOfWork.run(async (tx) => {
      await openHalts(tx, [{ ...halt, ...of }], by);
      const { scope, target } = halt;
      const alike = { reason: of.reason, scope, target: target ?? IsNull() };
      const stored = (await tx.repository(HaltEntity).find({ where: alike })).find(({ subject }) =>
        isOfSubject(subject, of.subject),
      );
      if (!stored) throw new Error('a halt with a subject of its own was not stored');
      return stored;
    });
  }

  /**
   * Lifts a halt after approval by two people; returns the pending approval before. Covered work
   * resumes unless another halt is in force.
   */
  async lift(id: string, evidence: string, caller: Caller): Promise<Lifted> {
    await this.lifts.look((forged) => forged === id);
    const lifted = await this.unitOfWork.run<Lifted>(async (tx) => {
      const halts = tx.repository(HaltEntity);
      const find = () => halts.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      const halt = await find();
      if (!halt) return refuse({ kind: 'no_such_halt' });
      if (halt.liftedAt) return refuse({ kind: 'lifted_already', halt });
      const message = (await this.remainingCause?.(tx, halt)) ?? null;
      if (message !== null) return refuse({ kind: 'cause_remains', message });
      const demand = { action: LIFT, target: id, request: { evidence } };
      const awaited = await this.approvals.ask(tx, demand, caller);
      if (awaited) return ok(awaited);
      const people = await this.approvals.approve(tx, demand, caller);
      await halts.update(
        { id },
        {
          liftedAt: () => 'clock_timestamp()',
          liftedBy: people.requestedBy,
          liftApprovedBy: people.approvedBy,
          liftEvidence: evidence,
        },
      );
      await this.lifts.seal(tx, id);
      const after = await find();
      return after ? ok(after) : refuse({ kind: 'no_such_halt' });
    });
    await this.lifts.look();
    return lifted;
  }
}

/** Injection token: the scopes a service can halt. The first scope is the default. */
export const SCOPES_HALTED_HERE = Symbol('ScopesHaltedHere');
/**
 * Injection token: callback after this process opens or lifts a halt. The process need not wait for
 * the next poll.
 */
export const ON_HALT_CHANGE = Symbol('OnHaltChange');

@AdminController('halts')
export class HaltsController {
  constructor(
    private readonly store: Halts,
    @Inject(SCOPES_HALTED_HERE) private readonly scopes: readonly [HaltScope, ...HaltScope[]],
    @Inject(ON_HALT_CHANGE) private readonly changed: () => unknown,
    approvals: Approvals,
    inbox: Inbox,
  ) {
    approvals.register(LIFT, (id, request, caller) =>
      this.carryOut(id, request as LiftHaltDto, caller),
    );
    inbox.add({
      kind: 'halt',
      roles: ['operate', 'approve'],
      people: 2,
      sql: IN_FORCE,
      params: () => [store.verifiedLifts],
    });
  }

  /** Lists open halts first. */
  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @AnswersList(HaltDto)
  async halts(): Promise<HaltDto[]> {
    return (await this.store.list()).map(haltShape);
  }

  @Post()
  @Requires('operate')
  @Answers(HaltDto)
  async openHalt(
    @Body() { details, scope, target, name }: OpenHaltDto,
    @CallerOf() { name: by }: Caller,
  ): Promise<HaltDto> {
    const of = { scope: scope ?? this.scopes[0], target: target ?? null };
    const fault = this.scopeFault(of.scope, of.target);
    if (fault !== null) throw new ApiError(422, fault);
    const halt = await this.store.open({ by, details, ...of, ...(name && { name }) });
    await this.changed();
    return haltShape(halt);
  }

  /** Lifts the halt after a second person makes the same request. */
  @Post(':id/lift')
  @Requires('operate', 'approve')
  @Answers(HaltDto)
  @MayAwait()
  async liftHalt(
    @Param() { id }: HaltParams,
    @Body() lift: LiftHaltDto,
    @CallerOf() caller: Caller,
  ): Promise<HaltDto | Accepted<AwaitedDto>> {
    return acceptedWhenAwaited(await this.carryOut(id, lift, caller));
  }

  private async carryOut(
    id: string,
    { evidence }: LiftHaltDto,
    caller: Caller,
  ): Promise<HaltDto | AwaitedDto> {
    const lifted = await this.store.lift(id, evidence, caller);
    if (!lifted.ok) throw refusalOf(lifted.refusal);
    if ('approval_id' in lifted.value) return lifted.value;
    await this.changed();
    return haltShape(lifted.value);
  }

  private scopeFault(scope: HaltScope, target: string | null): string | null {
    if (!this.scopes.includes(scope))
      return `scope: Input should be one of ${this.scopes.join(', ')} here`;
    const named = scope !== 'all' && scope !== this.scopes[0];
    return named === (target !== null) ? null : `target: ${TARGET_RULE}`;
  }
}

const IN_FORCE = `
  SELECT h.id::text, CASE h.scope WHEN 'all' THEN 'All work is halted: ' ELSE 'The ' || h.scope || coalesce(' ' || h.target, '') || ' is halted: ' END || h.details AS title,
         CASE h.scope WHEN 'account' THEN h.target END AS account_id, CASE h.scope WHEN 'venue' THEN h.target END AS venue,
         CASE h.scope WHEN 'asset' THEN h.target END AS asset, h.opened_at AS since, h.opened_by AS asked_by
    FROM halt h WHERE ${inForceSql('h', HALT_ENDS, '$2')} ORDER BY h.id LIMIT $1`;

const TARGET_RULE =
  'Field required for an asset, an account, a key or a named venue, and for nothing else';

function refusalOf(refusal: LiftRefusal): ApiError {
  switch (refusal.kind) {
    case 'no_such_halt':
      return ApiError.notFound('No such halt here');
    case 'lifted_already':
      return ApiError.conflict(
        `The halt was already lifted by ${refusal.halt.liftedBy ?? 'somebody'}`,
      );
    case 'cause_remains':
      return ApiError.conflict(refusal.message);
  }
}

function haltShape(halt: HaltEntity): HaltDto {
  return {
    id: halt.id,
    scope: halt.scope,
    target: halt.target,
    reason: halt.reason,
    subject: halt.subject,
    details: halt.details,
    opened_at: halt.openedAt.toISOString(),
    opened_by: halt.openedBy,
    lifted_at: halt.liftedAt?.toISOString() ?? null,
    lifted_by: halt.liftedBy,
    lift_approved_by: halt.liftApprovedBy,
    lift_evidence: halt.liftEvidence,
  };
}
