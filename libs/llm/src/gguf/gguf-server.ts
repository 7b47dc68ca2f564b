import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { errorMessage } from '@libs/kernel';
import type { ChatModel } from '../ports/chat-model.js';
import { ModelError } from '../ports/model-error.js';
import type { ModelInfo, ModelServer, ServerHealth } from '../ports/model-server.js';
import { GgufChat } from './gguf-chat.js';
import { LoadedModel, type GgufOptions } from './loaded-model.js';

/** A GGUF file as a model server inside this process. It is loaded with the first request. */
export class GgufServer implements ModelServer {
  readonly kind = 'gguf';
  readonly chat: ChatModel;
  readonly #model: string;
  #loading: Promise<LoadedModel> | undefined;
  #contextSize: number | undefined;

  constructor(
    readonly name: string,
    private readonly options: GgufOptions,
  ) {
    this.#model = basename(options.path).replace(/\.gguf$/i, '');
    this.chat = new GgufChat(() => this.#loaded());
  }

  async listModels(): Promise<ModelInfo[]> {
    await this.#seeFile();
    const contextSize = this.#contextSize ?? this.options.contextSize;
    const model = { id: this.#model, created: 0, ownedBy: this.name, slots: this.options.parallel };
    return [{ ...model, loaded: this.#loading !== undefined, ...(contextSize !== undefined && { contextSize }) }];
  }

  async health(): Promise<ServerHealth> {
    try {
      await this.#seeFile();
      return { status: 'ok' };
    } catch (error) {
      return { status: 'down', reason: errorMessage(error) };
    }
  }

  async countTokens(_model: string, text: string): Promise<number | null> {
    try {
      return (await this.#loaded()).model.tokenize(text).length;
    } catch {
      return null;
    }
  }

  async close(): Promise<void> {
    const loaded = await this.#loading?.catch(() => undefined);
    await loaded?.dispose();
  }

  #loaded(): Promise<LoadedModel> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<LoadedModel> {
    try {
      const loaded = await LoadedModel.load(this.options);
      this.#contextSize = loaded.contextSize;
      return loaded;
    } catch (error) {
      this.#loading = undefined;
      if (error instanceof ModelError) throw error;
      // The library's words name the path.
      const message = `The file of the model ${this.name} cannot be loaded.`;
      throw new ModelError('unavailable', message, { status: 503, cause: error });
    }
  }

  /** Paths are not for users' eyes. */
  async #seeFile(): Promise<void> {
    try {
      await access(this.options.path);
    } catch {
      throw new ModelError('unavailable', `The file of the model ${this.name} cannot be read.`);
    }
  }
}
