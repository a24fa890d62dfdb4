import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { PublishedReference, ReferenceController } from './reference.controller.js';

@Module({
  imports: [ApiKeysModule],
  controllers: [ReferenceController],
  providers: [PublishedReference],
})
export class ReferenceModule {}
