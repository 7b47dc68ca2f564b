import type { Llama, LlamaChat, LlamaModel, LlamaModule, Sequence } from './node-llama-cpp.js';

export interface GgufOptions {
  /** Of the file. */
  path: string;
  /** Tokens of one answer with its prompt. Absent: what the model was trained for, at most 8192. */
  contextSize?: number | undefined;
  /** Answers at once. */
  parallel: number;
  /** Processors that one evaluation takes. Absent: as many as the machine has for it. */
  threads?: number | undefined;
  gpu: 'auto' | false;
  /** Imports node-llama-cpp. */
  load: () => Promise<LlamaModule>;
}

/** A place for one answer at a time. */
export interface Seat {
  chat: LlamaChat;
  sequence: Sequence;
}

const USUAL_CONTEXT = 8192;

/** A GGUF file in memory, with a fixed number of seats. */
export class LoadedModel {
  readonly #free: Seat[];

  private constructor(
    readonly llama: Llama,
    readonly model: LlamaModel,
    readonly contextSize: number,
    seats: Seat[],
  ) {
    this.#free = seats;
  }

  static async load({ path, contextSize, parallel, threads, gpu, load }: GgufOptions): Promise<LoadedModel> {
    const library = await load();
    const llama = await library.getLlama({ gpu, build: 'never', progressLogs: false });
    const model = await llama.loadModel({ modelPath: path });
    const size = contextSize ?? Math.min(model.trainContextSize, USUAL_CONTEXT);
    const context = await model.createContext({
      contextSize: size,
      sequences: parallel,
      ...(threads !== undefined && { threads }),
    });
    const seats = Array.from({ length: parallel }, () => {
      const sequence = context.getSequence();
      return { sequence, chat: new library.LlamaChat({ contextSequence: sequence }) };
    });
    return new LoadedModel(llama, model, context.contextSize, seats);
  }

  /** Undefined where all are taken. */
  take(): Seat | undefined {
    return this.#free.pop();
  }

  release(seat: Seat): void {
    this.#free.push(seat);
  }

  dispose(): Promise<void> {
    return this.llama.dispose();
  }
}
