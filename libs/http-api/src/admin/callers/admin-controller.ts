import { applyDecorators, Controller, UseGuards, UseInterceptors, UsePipes } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { AnswersRefusals } from '../../http/answers.js';
import { EnvelopeInterceptor } from '../../http/envelope.interceptor.js';
import { ExactPipe } from '../../http/exact.pipe.js';
import { ServedAt } from '../../http/served-at.js';
import { CallerGuard } from './caller.guard.js';
import { everyRouteRequires } from './requires.js';

/**
 * Controller of the admin API under `/internal`. Each route names the permitted callers; responses
 * share the common envelope, and DTOs are read by the common pipe.
 */
export function AdminController(path: string): ClassDecorator {
  return applyDecorators(
    everyRouteRequires,
    Controller(`internal/${path}`),
    ServedAt('internal'),
    UseGuards(CallerGuard),
    UsePipes(ExactPipe),
    UseInterceptors(EnvelopeInterceptor),
    ApiTags(path.split('/')[0] ?? path),
    ApiBearerAuth(),
    AnswersRefusals(),
  );
}
