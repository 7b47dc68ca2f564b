import type { Config } from '@config';
import type { ModelGateway } from '@libs/llm';

/** Tokens that a model takes, prompt and answer together: as its server or its entry in the catalog says, else `CONTEXT_SIZE`. */
export async function contextSizeOf(
  models: Pick<ModelGateway, 'listModels'>,
  model: string,
  { CONTEXT_SIZE }: Pick<Config, 'CONTEXT_SIZE'>,
): Promise<number | undefined> {
  const info = (await models.listModels()).find(({ id }) => id === model);
  return info?.contextSize ?? (CONTEXT_SIZE || undefined);
}
