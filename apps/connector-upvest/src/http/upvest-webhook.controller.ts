import { Body, Controller, HttpCode, Post, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { VenueHints } from '@sluice/connector-engine';
import { ExactPipe } from '@sluice/http-api';
import { UpvestSignatureGuard } from './upvest-signature.guard.js';
import { UpvestWebhookDto } from './upvest-webhook.dto.js';
import { withdrawalsIn } from './withdrawals-in.js';

/** `POST /webhooks/upvest`: answered with exactly 200, or Upvest holds back every later event. */
@Controller('webhooks/upvest')
@UseGuards(UpvestSignatureGuard)
@UsePipes(ExactPipe)
@ApiExcludeController()
export class UpvestWebhookController {
  constructor(private readonly hints: VenueHints) {}

  @Post()
  @HttpCode(200)
  async receive(@Body() { payload }: UpvestWebhookDto): Promise<object> {
    await this.hints.lookUpNow(withdrawalsIn(payload));
    return {};
  }
}
