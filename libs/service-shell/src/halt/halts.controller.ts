import { Body, Get, Inject, Param, Post } from '@nestjs/common';
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
  Requires,
  ROLES,
} from '@sluice/http-api';
import { Approvals } from '../approvals/approvals.js';
import type { HaltEntity } from './halt.entity.js';
import { Halts, LIFT, type LiftRefusal } from './halts.js';

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
    private readonly halts: Halts,
    @Inject(SCOPES_HALTED_HERE) private readonly scopes: readonly [HaltScope, ...HaltScope[]],
    @Inject(ON_HALT_CHANGE) private readonly changed: () => unknown,
    approvals: Approvals,
  ) {
    approvals.register(LIFT, (id, request, caller) =>
      this.carryOut(id, request as LiftHaltDto, caller),
    );
  }

  /** Lists open halts first. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(HaltDto)
  async list(): Promise<HaltDto[]> {
    return (await this.halts.list()).map(haltShape);
  }

  @Post()
  @Requires('operate')
  @Answers(HaltDto)
  async open(
    @Body() { details, scope, target, name }: OpenHaltDto,
    @CallerOf() { name: by }: Caller,
  ): Promise<HaltDto> {
    const of = { scope: scope ?? this.scopes[0], target: target ?? null };
    const fault = this.scopeFault(of.scope, of.target);
    if (fault !== null) throw new ApiError(422, fault);
    const halt = await this.halts.open({ by, details, ...of, ...(name && { name }) });
    await this.changed();
    return haltShape(halt);
  }

  /** Lifts the halt after a second person makes the same request. */
  @Post(':id/lift')
  @Requires('operate', 'approve')
  @Answers(HaltDto)
  @MayAwait()
  async lift(
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
    const lifted = await this.halts.lift(id, evidence, caller);
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
