import {
  BadRequestException,
  Body,
  ConflictException,
  Controller,
  Get,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { ConnectorRuntime } from '../connector-runtime.js';
import type { Decision, DecisionRefusal } from './decisions.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Operators' doors of every connector. The shell has checked the token before a request arrives here. */
@Controller('internal')
export class ConnectorDoorsController {
  constructor(@Inject(ConnectorRuntime) private readonly runtime: ConnectorRuntime) {}

  @Get('submissions')
  async list(@Query('state') state?: string) {
    return envelope(await this.runtime.views.byState(state ?? null));
  }

  @Get('submissions/:withdrawalId')
  async show(@Param('withdrawalId') withdrawalId: string) {
    const submission = UUID.test(withdrawalId) ? await this.runtime.views.submission(withdrawalId) : null;
    if (!submission) throw new NotFoundException({ success: false, message: 'No submission of this withdrawal' });
    return envelope(submission);
  }

  @Post('submissions/:withdrawalId/decision')
  @HttpCode(200)
  async decide(@Param('withdrawalId') withdrawalId: string, @Body() body: unknown) {
    if (!UUID.test(withdrawalId)) throw new NotFoundException({ success: false, message: 'No submission of this withdrawal' });
    const decided = await this.runtime.decisions.decide(withdrawalId, readDecision(body));
    if (!decided.ok) throw refusalOf(decided.refusal);
    this.runtime.wake();
    return envelope(decided.value);
  }

  @Get('cases')
  async cases() {
    return envelope(await this.runtime.views.cases());
  }

  @Get('invariants')
  async invariants() {
    return envelope(await this.runtime.invariants.check());
  }
}

function envelope<T>(data: T) {
  return { success: true, message: 'OK', data };
}

function readDecision(body: unknown): Decision {
  const {
    decision,
    evidence,
    venue_reference: reference = null,
  } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (decision !== 'paid' && decision !== 'absent') throw bad("decision must be 'paid' or 'absent'");
  if (typeof evidence !== 'string' || evidence.trim().length === 0 || evidence.length > 900)
    throw bad('evidence must say in 1 to 900 characters what the decision rests on');
  if (reference !== null && (typeof reference !== 'string' || reference.length === 0 || reference.length > 128))
    throw bad('venue_reference must be a text of 1 to 128 characters');
  return { decision, evidence, venueReference: reference };
}

function bad(message: string): BadRequestException {
  return new BadRequestException({ success: false, message });
}

function refusalOf(refusal: DecisionRefusal): Error {
  switch (refusal.kind) {
    case 'no_such_submission':
      return new NotFoundException({ success: false, message: 'No submission of this withdrawal' });
    case 'nothing_to_decide':
      return new ConflictException({ success: false, message: `It is ${refusal.state}: there is nothing to decide` });
    case 'venue_reference_missing':
      return bad('a decision that it was paid has to name the record of the venue: venue_reference');
    case 'venue_reference_taken':
      return new ConflictException({ success: false, message: 'That record belongs to another withdrawal' });
  }
}
