import { applyDecorators, Controller, UseGuards, UseInterceptors, UsePipes } from '@nestjs/common';
import { ApiSecurity, ApiTags } from '@nestjs/swagger';
import { EnvelopeInterceptor, ExactPipe } from '@sluice/http-api';
import { AuthenticationGuard } from '../api-keys/authentication.guard.js';

/** The three headers of every request, as the published document names them: `reference/words.ts` tells what is in each. */
export const CREDENTIALS = { key: [], timestamp: [], signature: [] };

/** A controller of the public API: for signed requests, in the one envelope, with DTOs read by the one pipe. */
export function PublicController(path: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    UseGuards(AuthenticationGuard),
    UsePipes(ExactPipe),
    UseInterceptors(EnvelopeInterceptor),
    ApiTags(path.split('/').at(1)?.replace(/^_/, '') ?? path),
    ApiSecurity(CREDENTIALS),
  );
}
