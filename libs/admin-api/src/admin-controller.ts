import { applyDecorators, Controller, UseGuards, UseInterceptors, UsePipes } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { AnswersRefusals, EnvelopeInterceptor, ExactPipe, ServedAt } from '@sluice/http-api';
import { OperatorGuard } from './operator.guard.js';

/** A controller of the admin API, under `/internal`: for operators, in the one envelope, with DTOs read by the one pipe. */
export function AdminController(path: string): ClassDecorator {
  return applyDecorators(
    Controller(`internal/${path}`),
    ServedAt('internal'),
    UseGuards(OperatorGuard),
    UsePipes(ExactPipe),
    UseInterceptors(EnvelopeInterceptor),
    ApiTags(path.split('/')[0] ?? path),
    ApiBearerAuth(),
    AnswersRefusals(),
  );
}
