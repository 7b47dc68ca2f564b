import type { GgufOptions } from '../gguf/loaded-model.js';
import type { OllamaOptions } from '../ollama/ollama-options.js';
import type { BreakerLimits } from '../routing/circuit-breaker.js';
import type { SlotLimits } from '../routing/slots.js';

/** A server that the administrator described. Times are milliseconds. */
export interface NamedServer {
  name: string;
  kind: 'vllm' | 'ollama' | 'llamacpp' | 'openai' | 'gguf';
  address: string;
  apiKey?: string | undefined;
  /** The smallest is asked first; equal ones share the requests by weight. */
  priority: number;
  weight: number;
  breaker: BreakerLimits;
  /** Undefined: any number of requests at once. */
  slots?: SlotLimits | undefined;
  /** How requests wait where the server says by itself how many it works on at once. Undefined: it is not listened to. */
  queue?: Omit<SlotLimits, 'max'> | undefined;
  healthCheckMs?: number | undefined;
  /** Without a byte, after which a call fails. Undefined: as all others. */
  timeoutMs?: number | undefined;
  /** For a GGUF file, which has no address. */
  gguf?: Omit<GgufOptions, 'load'> & { load?: GgufOptions['load'] };
  /** For Ollama: absent where it is spoken to as any server of OpenAI's dialect. */
  ollama?: OllamaOptions | undefined;
  /** Whether its models are offered although the catalog does not name them. */
  listsModels: boolean;
}
