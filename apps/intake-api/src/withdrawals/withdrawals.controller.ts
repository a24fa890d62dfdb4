import {
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import type { Database, UnitOfWork } from '@sluice/postgres';
import type { FastifyReply } from 'fastify';
import { answerCancel } from './cancel-withdrawal.js';
import { findByNumber, type StoredWithdrawal } from './withdrawal-store.js';
import { answerRequest, type RequestPorts } from './request-withdrawal.js';
import { DATABASE, REQUEST_PORTS, UNIT_OF_WORK } from '../tokens.js';
import { ApiError } from '../http/api-error.js';
import { RequiresPermission, type AuthenticatedRequest } from '../api-keys/authentication.guard.js';
import { objectEnvelope } from '../http/envelope.js';
import { LOOK_UP_WITHIN_MS, remainingMs, withDeadline } from '../deadline.js';
import { parseJsonBody } from '../http/json-body.js';
import { rawBodyOf } from '../http/raw-body.js';
import { refusalResponse } from './refusal-response.js';
import { readWithdrawalBody } from './withdrawal-body.js';
import { statusShape, submissionShape } from './withdrawal-view.js';

const MAX_WAIT_SECONDS = 30;
/** Beyond the wait that the client asked for; the request may be on record all the same, and can be repeated. */
const CANCEL_WITHIN_MS = 8_000;
/** A connector says at once whether its venue can stop what it has: waited for even when the client does not ask. */
const VENUE_ANSWERS_WITHIN_MS = 1_000;

@Controller('v1/withdrawals')
export class WithdrawalsController {
  constructor(
    @Inject(REQUEST_PORTS) private readonly ports: RequestPorts,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(UNIT_OF_WORK) private readonly unitOfWork: UnitOfWork,
  ) {}

  @Post()
  @HttpCode(200)
  @RequiresPermission('withdraw')
  async create(
    @Req() request: AuthenticatedRequest,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const body = readWithdrawalBody(
      parseJsonBody(request.headers['content-type'], rawBodyOf(request)),
    );
    if (!body.ok) throw ApiError.invalid(body.refusal);
    const waitSeconds = grantWait(prefer, reply);
    const { accountId, keyId } = request.apiKey;
    const answer = await answerRequest(
      body.value,
      { accountId, keyId },
      waitSeconds,
      this.ports,
      request.arrivedAtMs,
    );
    if (!answer.ok) throw refusalResponse(answer.refusal);
    const { kind, stored } = answer.value;
    return objectEnvelope(kind === 'first' ? submissionShape(stored) : statusShape(stored));
  }

  @Get(':number')
  @RequiresPermission('read_withdrawal_status')
  async show(@Req() request: AuthenticatedRequest, @Param('number') number: string) {
    return objectEnvelope(statusShape(await this.find(request, number)));
  }

  @Delete(':number')
  @RequiresPermission('withdraw')
  async cancel(
    @Req() request: AuthenticatedRequest,
    @Param('number') number: string,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { order } = (await this.find(request, number)).withdrawal;
    const ports = { unitOfWork: this.unitOfWork, waiters: this.ports.waiters };
    const waitSeconds = grantWait(prefer, reply);
    const withinMs = remainingMs(waitSeconds * 1_000 + CANCEL_WITHIN_MS, request.arrivedAtMs);
    const wait = { askedMs: waitSeconds * 1_000, venueMs: VENUE_ANSWERS_WITHIN_MS };
    const answer = await withDeadline(
      answerCancel(order.id, request.apiKey.keyId, wait, ports),
      withinMs,
      'unavailable',
    );
    if (!answer.ok) throw refusalResponse(answer.refusal);
    return objectEnvelope(statusShape(answer.value));
  }

  private async find(request: AuthenticatedRequest, number: string): Promise<StoredWithdrawal> {
    if (!/^\d{1,16}$/.test(number))
      throw ApiError.invalid(['withdrawal_id: Input should be a valid integer']);
    const looking = findByNumber(this.database, number, request.apiKey.accountId);
    const stored = await withDeadline(looking, LOOK_UP_WITHIN_MS, 'unavailable');
    if (!stored) throw ApiError.of('withdrawal_not_found');
    return stored;
  }
}

function grantWait(prefer: string | undefined, reply: FastifyReply): number {
  const seconds = preferredWait(prefer);
  if (seconds > 0) void reply.header('preference-applied', `wait=${seconds}`);
  return seconds;
}

/** RFC 7240 `Prefer: wait=N`, at most 30 seconds; a preference that cannot be read is no preference. */
export function preferredWait(prefer: string | undefined): number {
  const seconds = /(?:^|,)\s*wait\s*=\s*("?)(\d+)\1\s*(?:$|[,;])/i.exec(prefer ?? '')?.[2];
  return Math.min(Number(seconds ?? 0), MAX_WAIT_SECONDS);
}
