import { invalidRequest } from '@libs/openai-wire';
import { Numeric } from '../validation/index.js';

export class HybridSearchDto {
  @Numeric({ required: true, min: 0, max: 1000, description: 'Weight of likeness in meaning.' })
  embedding_weight: number;

  @Numeric({ required: true, min: 0, max: 1000, description: 'Weight of the words.' })
  text_weight: number;
}

/** Throws 400 where neither words nor meaning are to count. @param path where the request has it */
export function checkHybridSearch(hybrid: HybridSearchDto | null | undefined, path: string): void {
  if (hybrid?.embedding_weight !== 0 || hybrid.text_weight !== 0) return;
  throw invalidRequest(
    "At least one of 'embedding_weight' and 'text_weight' must be above 0.",
    `${path}.hybrid_search`,
    'invalid_value',
  );
}
