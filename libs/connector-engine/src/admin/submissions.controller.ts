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
  ServiceUnavailableException,
} from '@nestjs/common';
import { ConnectorEngine } from '../connector-engine.js';
import type { Decided, Decision, DecisionRefusal } from './decisions.js';
import type { ProofRefusal } from './venue-proof.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The admin API for submissions, cases and invariants. The shell has checked the operator's token before a request arrives here. */
@Controller('internal')
export class SubmissionsController {
  constructor(@Inject(ConnectorEngine) private readonly engine: ConnectorEngine) {}

  @Get('submissions')
  async list(@Query('state') state?: string) {
    return envelope(await this.engine.views.byState(state ?? null));
  }

  @Get('submissions/:withdrawalId')
  async show(@Param('withdrawalId') withdrawalId: string) {
    const submission = UUID.test(withdrawalId)
      ? await this.engine.views.submission(withdrawalId)
      : null;
    if (!submission)
      throw new NotFoundException({ success: false, message: 'No submission of this withdrawal' });
    return envelope(submission);
  }

  @Post('submissions/:withdrawalId/decision')
  @HttpCode(200)
  async decide(@Param('withdrawalId') withdrawalId: string, @Body() body: unknown) {
    if (!UUID.test(withdrawalId))
      throw new NotFoundException({ success: false, message: 'No submission of this withdrawal' });
    const decided = await this.engine.decisions.decide(withdrawalId, readDecision(body));
    if (!decided.ok) throw refusalOf(decided.refusal);
    this.engine.wake();
    return envelope(decidedBody(decided.value));
  }

  @Get('cases')
  async cases() {
    return envelope(await this.engine.views.cases());
  }

  @Get('invariants')
  async invariants() {
    return envelope(await this.engine.invariants.check());
  }
}

function envelope<T>(data: T) {
  return { success: true, message: 'OK', data };
}

function decidedBody({ state, proposedBy }: Decided) {
  return { state, ...(proposedBy !== undefined && { proposed_by: proposedBy }) };
}

function readDecision(body: unknown): Decision {
  const {
    decision,
    evidence,
    venue_reference: reference = null,
    decided_by: decidedBy = null,
  } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (decision !== 'paid' && decision !== 'absent')
    throw bad("decision must be 'paid' or 'absent'");
  if (typeof evidence !== 'string' || evidence.trim().length === 0 || evidence.length > 900)
    throw bad('evidence must say in 1 to 900 characters what the decision rests on');
  if (
    reference !== null &&
    (typeof reference !== 'string' || reference.length === 0 || reference.length > 128)
  )
    throw bad('venue_reference must be a text of 1 to 128 characters');
  if (
    decidedBy !== null &&
    (typeof decidedBy !== 'string' || decidedBy.trim().length === 0 || decidedBy.length > 128)
  )
    throw bad('decided_by must name in 1 to 128 characters who says so');
  return { decision, evidence, venueReference: reference, decidedBy };
}

function conflict(message: string): ConflictException {
  return new ConflictException({ success: false, message });
}

function bad(message: string): BadRequestException {
  return new BadRequestException({ success: false, message });
}

function refusalOf(refusal: DecisionRefusal): Error {
  switch (refusal.kind) {
    case 'no_such_submission':
      return new NotFoundException({ success: false, message: 'No submission of this withdrawal' });
    case 'nothing_to_decide':
      return conflict(`It is ${refusal.state}: there is nothing to decide`);
    case 'venue_reference_missing':
      return bad(
        'a decision that it was paid has to name the record of the venue: venue_reference',
      );
    case 'venue_reference_taken':
      return conflict(
        "That record belongs to another withdrawal. Where two have got each other's, each is decided as paid without venue_reference",
      );
    case 'name_missing':
      return bad('two people have to say this, so each has to be named: decided_by');
    case 'second_person_needed':
      return conflict(
        `${refusal.proposedBy} has said so already: it counts when a second person says the same`,
      );
    default:
      return proofRefusal(refusal);
  }
}

/** What the venue says, or cannot be asked now. */
function proofRefusal(refusal: ProofRefusal): Error {
  switch (refusal.kind) {
    case 'too_early':
      return conflict(
        `The venue may still act on it: that it is absent can be said from ${refusal.from.toISOString()} on, by the venue's clock`,
      );
    case 'not_at_venue':
      return conflict('The venue does not list that record');
    case 'does_not_fit':
      return conflict(`That record is not this payment: ${refusal.differences.join('; ')}`);
    case 'venue_time_unknown':
    case 'venue_not_asked':
      return new ServiceUnavailableException({
        success: false,
        message: `This cannot be decided now, the venue cannot be asked: ${refusal.cause}`,
      });
  }
}
