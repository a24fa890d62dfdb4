import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AddressGuard } from '../api-keys/address.guard.js';
import { CONTENT_SECURITY_POLICY, PublishedReference } from './published-reference.js';

const FOR_FIVE_MINUTES = 'public, max-age=300';

/** Public reference, readable without a signature: the OpenAPI document and the HTML page. */
@ApiExcludeController()
@UseGuards(AddressGuard)
@Controller()
export class ReferenceController {
  constructor(private readonly reference: PublishedReference) {}

  @Get('openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', FOR_FIVE_MINUTES)
  @Header('x-content-type-options', 'nosniff')
  document(): string {
    return this.reference.document;
  }

  @Get('reference')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', FOR_FIVE_MINUTES)
  @Header('x-content-type-options', 'nosniff')
  @Header('referrer-policy', 'no-referrer')
  @Header('content-security-policy', CONTENT_SECURITY_POLICY)
  page(): string {
    return this.reference.page;
  }
}
