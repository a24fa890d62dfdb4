import { applyDecorators, Controller, UseGuards, UseInterceptors, UsePipes } from '@nestjs/common';
import { ApiSecurity, ApiTags } from '@nestjs/swagger';
import { AnswersRefusals, EnvelopeInterceptor, ExactPipe } from '@sluice/http-api';
import { AuthenticationGuard } from '../api-keys/authentication.guard.js';

/** A controller of the public API: for signed requests, in the one envelope, with DTOs read by the one pipe. */
export function PublicController(path: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    UseGuards(AuthenticationGuard),
    UsePipes(ExactPipe),
    UseInterceptors(EnvelopeInterceptor),
    ApiTags('public'),
    ApiSecurity('signature'),
    AnswersRefusals(),
  );
}
