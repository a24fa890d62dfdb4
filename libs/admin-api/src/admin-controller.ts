import { applyDecorators, Controller, UseGuards, UseInterceptors, UsePipes } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { AnswersRefusals, EnvelopeInterceptor, ExactPipe, ServedAt } from '@sluice/http-api';
import { CallerGuard } from './caller.guard.js';
import { everyRouteRequires } from './requires.js';

/** A controller of the admin API, under `/internal`: for callers that each route names, in the one envelope, with DTOs read by the one pipe. */
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
