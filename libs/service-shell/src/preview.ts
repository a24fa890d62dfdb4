import { Module, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { httpAdapter } from './http-adapter.js';
import { PlatformModule } from './platform.module.js';

/** The modules of a service as Nest sees them, with nothing made and nothing connected: for what only reads their decorators, such as OpenAPI. */
export async function previewOf(module: Type | DynamicModule): Promise<INestApplication> {
  return NestFactory.create(
    { module: PreviewModule, imports: [PlatformModule.preview(), module] },
    httpAdapter(),
    { preview: true, logger: false, abortOnError: false },
  );
}

@Module({})
class PreviewModule {}
