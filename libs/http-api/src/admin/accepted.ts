import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import { Accepted } from '../http/accepted.js';
import { AwaitedDto } from './platform/approval.dto.js';

/** Documents a handler's 202 response: a second person must send the same request. */
export function MayAwait(): MethodDecorator {
  const data = { $ref: getSchemaPath(AwaitedDto) };
  const properties = {
    success: { type: 'boolean' },
    message: { type: 'string', enum: ['OK'] },
    data,
  };
  return applyDecorators(
    ApiExtraModels(AwaitedDto),
    ApiAcceptedResponse({
      description: 'recorded; nothing is done until a second person approves',
      schema: { type: 'object', required: Object.keys(properties), properties },
    }),
  );
}

/**
 * Converts a handler's result: an awaited approval becomes a 202 response, a done action stays
 * unchanged.
 */
export function acceptedWhenAwaited<T extends object>(
  answer: T | AwaitedDto,
): T | Accepted<AwaitedDto> {
  return 'approval_id' in answer ? new Accepted(answer) : answer;
}
