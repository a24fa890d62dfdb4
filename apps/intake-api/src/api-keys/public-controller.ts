import { applyDecorators, Controller, UseGuards, UseInterceptors, UsePipes } from '@nestjs/common';
import { ApiSecurity, ApiTags } from '@nestjs/swagger';
import { EnvelopeInterceptor, ExactPipe } from '@sluice/http-api';
import { AccountScopeInterceptor } from './account-scope.interceptor.js';
import { QueryGuard } from '../http/query.guard.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { SignatureUseInterceptor } from './signature-use.interceptor.js';

/**
 * The three authentication headers of every request, by name in the published document.
 * `reference/document/words.ts` describes each header.
 */
export const CREDENTIALS = { key: [], timestamp: [], signature: [] };

/**
 * Controller of the public API: requires signed requests, runs them in the scope of the caller's
 * account, uses the common envelope, and reads DTOs with the strict pipe.
 */
export function PublicController(path: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    UseGuards(AuthenticationGuard, QueryGuard),
    UsePipes(ExactPipe),
    UseInterceptors(SignatureUseInterceptor, AccountScopeInterceptor, EnvelopeInterceptor),
    ApiTags(path.split('/').at(1)?.replace(/^_/, '') ?? path),
    ApiSecurity(CREDENTIALS),
  );
}
