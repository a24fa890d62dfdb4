import { Body, Get, Inject, Param, Post } from '@nestjs/common';
import {
  AdminController,
  HaltDto,
  HaltParams,
  LiftHaltDto,
  OpenHaltDto,
  Requires,
  ROLES,
  type HaltScope,
} from '@sluice/admin-api';
import { Answers, AnswersList, ApiError } from '@sluice/http-api';
import type { HaltEntity } from './halt.entity.js';
import { Halts, type LiftRefusal } from './halts.js';

/** What a service can stop; the first is meant where nothing is said. */
export const SCOPES_HALTED_HERE = Symbol('ScopesHaltedHere');
/** Called when a halt was opened or lifted here, so that this process need not wait for its next look. */
export const ON_HALT_CHANGE = Symbol('OnHaltChange');

@AdminController('halts')
export class HaltsController {
  constructor(
    private readonly halts: Halts,
    @Inject(SCOPES_HALTED_HERE) private readonly scopes: readonly [HaltScope, ...HaltScope[]],
    @Inject(ON_HALT_CHANGE) private readonly changed: () => unknown,
  ) {}

  /** Those in force first. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(HaltDto)
  async list(): Promise<HaltDto[]> {
    return (await this.halts.list()).map(haltShape);
  }

  @Post()
  @Requires('operate')
  @Answers(HaltDto)
  async open(@Body() { by, details, scope, target, name }: OpenHaltDto): Promise<HaltDto> {
    const of = { scope: scope ?? this.scopes[0], target: target ?? null };
    const fault = this.scopeFault(of.scope, of.target);
    if (fault !== null) throw new ApiError(422, fault);
    const halt = await this.halts.open({ by, details, ...of, ...(name && { name }) });
    await this.changed();
    return haltShape(halt);
  }

  @Post(':id/lift')
  @Requires('operate', 'approve')
  @Answers(HaltDto)
  async lift(@Param() { id }: HaltParams, @Body() { by, evidence }: LiftHaltDto): Promise<HaltDto> {
    const lifted = await this.halts.lift(id, by, evidence);
    if (!lifted.ok) throw refusalOf(lifted.refusal);
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
  return refusal.kind === 'no_such_halt'
    ? ApiError.notFound('No such halt here')
    : ApiError.conflict(`It was lifted already by ${refusal.halt.liftedBy ?? 'somebody'}`);
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
    lift_evidence: halt.liftEvidence,
  };
}
