import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

/** The published document keeps this mark until it writes the header of the answer. */
export const REPLAYS_EXTENSION = 'x-replays';

/** Marks an answer as that of an earlier request, with the header `Idempotent-Replayed: true`. */
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

/** The handler takes `MarksReplay`: the published document has its header. */
export function MayReplay(): MethodDecorator {
  return ApiExtension(REPLAYS_EXTENSION, true);
}
