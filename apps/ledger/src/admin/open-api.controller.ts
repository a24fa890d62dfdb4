import { readFileSync } from 'node:fs';
import { Controller, Get } from '@nestjs/common';

const DOCUMENT: unknown = JSON.parse(
  readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'),
);

@Controller('internal/openapi.json')
export class OpenApiController {
  /** Describes these doors; bare, as tools expect it. */
  @Get()
  document(): unknown {
    return DOCUMENT;
  }
}
