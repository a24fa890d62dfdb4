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
} from '@nestjs/common';
import { ConnectorEngine } from '../connector-engine.js';
import type { HaltEntity } from '../halt/halt.entity.js';

const ID = /^[1-9]\d{0,17}$/;
const LONGEST_NAME = 128;
const LONGEST_TEXT = 900;

/** The admin API for halts. The shell has checked the operator's token before a request arrives here. */
@Controller('internal/halts')
export class HaltsController {
  constructor(@Inject(ConnectorEngine) private readonly engine: ConnectorEngine) {}

  @Get()
  async list() {
    return envelope((await this.engine.halts.list()).map(haltShape));
  }

  /** Payments in the venue's record that this connector has not sent. */
  @Get('records')
  async records() {
    return envelope(await this.engine.views.unclaimedRecords());
  }

  @Post()
  @HttpCode(201)
  async open(@Body() body: unknown) {
    const [by, details] = [textIn(body, 'by', LONGEST_NAME), textIn(body, 'details', LONGEST_TEXT)];
    return envelope(haltShape(await this.engine.halts.open(by, details)));
  }

  @Post(':id/lift')
  @HttpCode(200)
  async lift(@Param('id') id: string, @Body() body: unknown) {
    const [by, evidence] = [
      textIn(body, 'by', LONGEST_NAME),
      textIn(body, 'evidence', LONGEST_TEXT),
    ];
    if (!ID.test(id)) throw missing();
    const lifted = await this.engine.halts.lift(id, by, evidence);
    if (lifted.ok) {
      this.engine.wake();
      return envelope(haltShape(lifted.value));
    }
    if (lifted.refusal.kind === 'no_such_halt') throw missing();
    throw new ConflictException({
      success: false,
      message: `It was lifted already by ${lifted.refusal.halt.liftedBy ?? 'somebody'}`,
    });
  }
}

function envelope<T>(data: T) {
  return { success: true, message: 'OK', data };
}

function haltShape(halt: HaltEntity) {
  return {
    id: halt.id,
    scope: halt.scope,
    asset: halt.asset,
    account_id: halt.accountId,
    reason: halt.reason,
    subject: halt.subject,
    details: halt.details,
    opened_at: halt.openedAt,
    opened_by: halt.openedBy,
    lifted_at: halt.liftedAt,
    lifted_by: halt.liftedBy,
    lift_evidence: halt.liftEvidence,
  };
}

function missing(): NotFoundException {
  return new NotFoundException({ success: false, message: 'No such halt here' });
}

function textIn(body: unknown, name: string, longest: number): string {
  const value =
    (typeof body === 'object' && body !== null
      ? (body as Record<string, unknown>)[name]
      : undefined) ?? '';
  if (typeof value === 'string' && value.trim().length > 0 && value.length <= longest) return value;
  throw new BadRequestException({
    success: false,
    message: `${name} must be a text of 1 to ${longest} characters`,
  });
}
