import { readFileSync } from 'node:fs';
import { Controller, Get } from '@nestjs/common';

const DOCUMENT: unknown = JSON.parse(
  readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'),
);

@Controller('internal/openapi.json')
export class OpenApiController {
  /** Describes the admin API; without the usual envelope, as OpenAPI tools expect. */
  @Get()
  document(): unknown {
    return DOCUMENT;
  }
}
