import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

/** Extension field in the OpenAPI document until the response header is expanded. */
const REPLAYS_EXTENSION = 'x-replays';

/**
 * Marks an answer as a replay of an earlier answer, with the header `Idempotent-Replayed: true`.
 */
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

/** Documents the header of a handler using `MarksReplay`. */
export function MayReplay(): MethodDecorator {
  return ApiExtension(REPLAYS_EXTENSION, true);
}
