import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiExtension, ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

const MAX_WAIT_SECONDS = 30;

/** Extension field in the OpenAPI document until the response header is expanded. */
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

/** Documents the header of a handler using `PreferWait`. */
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

/**
 * Parses RFC 7240 `Prefer: wait=N`, at most 30 seconds; an unreadable preference counts as none.
 */
export function preferredWait(prefer: string | undefined): number {
  const seconds = /(?:^|,)\s*wait\s*=\s*("?)(\d+)\1\s*(?:$|[,;])/i.exec(prefer ?? '')?.[2];
  return Math.min(Number(seconds ?? 0), MAX_WAIT_SECONDS);
}
