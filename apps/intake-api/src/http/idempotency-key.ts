import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiExtension, ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, nearIdempotencyHeader } from '@sluice/http-api';

const LONGEST_KEY = 128;
const PRINTABLE_ASCII = /^[ -~]+$/;

/** Field of a body that does what the header `Idempotency-Key` does. */
type KeyField = 'client_reference' | 'idempotency_key';

export function idempotencyKeyHeader(field: KeyField) {
  return {
    name: 'Idempotency-Key',
    required: false,
    description: `Equivalent to \`${field}\`, in printable ASCII. The signature does not cover this header: prefer the field. If both are present, they must be equal`,
    schema: {
      type: 'string',
      minLength: 1,
      maxLength: LONGEST_KEY,
      pattern: PRINTABLE_ASCII.source,
    },
  };
}

/**
 * Header `Idempotency-Key`. Throws 422 for a header of a similar name, which would protect nothing.
 */
export const IdempotencyKey = createParamDecorator(
  (field: KeyField, context: ExecutionContext): string | undefined => {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const near = nearIdempotencyHeader(Object.keys(headers));
    if (near !== undefined)
      throw ApiError.invalid([
        `${near}: Unknown header; did you mean ${field}, or the header Idempotency-Key?`,
      ]);
    return [headers['idempotency-key']].flat()[0];
  },
);

/**
 * Key of the field or the header; null without one. Throws 422 for a malformed header, and if both
 * differ.
 */
export function checkedKey(
  name: KeyField,
  field: string | null | undefined,
  header: string | undefined,
): string | null {
  if (header === undefined) return field ?? null;
  const refuse = (reason: string) => ApiError.invalid([`Idempotency-Key: ${reason}`]);
  if (header.length === 0 || header.length > LONGEST_KEY)
    throw refuse(`Header should have 1 to ${LONGEST_KEY} characters`);
  // The meaning of any other byte depends on the encoding.
  if (!PRINTABLE_ASCII.test(header)) throw refuse('Header should be in printable ASCII');
  if (header.trim() !== header) throw refuse('Header should not begin or end with a blank');
  if (typeof field === 'string' && field !== header)
    throw refuse(`Header should be the same as ${name}`);
  return header;
}

const REPLAYS_EXTENSION = 'x-replays';

/** Marks a replayed answer with the header `Idempotent-Replayed: true`. */
export class ReplayMark {
  constructor(private readonly reply: FastifyReply) {}

  set(): void {
    void this.reply.header('idempotent-replayed', 'true');
  }
}

export const MarksReplay = createParamDecorator(
  (_data: unknown, context: ExecutionContext) =>
    new ReplayMark(context.switchToHttp().getResponse<FastifyReply>()),
);

export function MayReplay(): MethodDecorator {
  return ApiExtension(REPLAYS_EXTENSION, true);
}

const MAX_WAIT_SECONDS = 30;

const WAITS_EXTENSION = 'x-waits';

/** Waiting time requested by the client with `Prefer: wait=N`. */
export class PreferredWait {
  constructor(
    private readonly seconds: number,
    private readonly reply: FastifyReply,
  ) {}

  /** Returns the seconds and reports them as granted in the answer. */
  grant(): number {
    if (this.seconds > 0) void this.reply.header('preference-applied', `wait=${this.seconds}`);
    return this.seconds;
  }
}

export const PreferWait = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const http = context.switchToHttp();
  const { prefer } = http.getRequest<FastifyRequest>().headers;
  const seconds = preferredWait(Array.isArray(prefer) ? prefer.join() : prefer);
  return new PreferredWait(seconds, http.getResponse<FastifyReply>());
});

export function MayWait(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'Prefer',
      required: false,
      description: `\`wait=N\` delays the response until the venue has answered, at most N seconds and at most ${MAX_WAIT_SECONDS}. \`Preference-Applied\` contains the granted time`,
      schema: { type: 'string', example: 'wait=5' },
    }),
    ApiExtension(WAITS_EXTENSION, true),
  );
}

/** Parses RFC 7240 `Prefer: wait=N`, at most 30 seconds; unreadable counts as none. */
export function preferredWait(prefer: string | undefined): number {
  const seconds = /(?:^|,)\s*wait\s*=\s*("?)(\d+)\1\s*(?:$|[,;])/i.exec(prefer ?? '')?.[2];
  return Math.min(Number(seconds ?? 0), MAX_WAIT_SECONDS);
}
