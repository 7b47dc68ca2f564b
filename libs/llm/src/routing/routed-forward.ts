import { toModelError } from '../openai-compatible/transport-error.js';
import { HeldErrorAnswer } from '../openai-compatible/held-error-answer.js';
import { ModelError } from '../ports/model-error.js';
import type { ForwardRequest, ForwardSink } from '../ports/model-server.js';
import type { ModelSettings } from '../ports/model-settings.js';
import { bodyWithSettings, changesNothing, loadingOf } from './apply-settings.js';
import { isWorthAnotherServer } from './site.js';
import { candidates, type Target } from './target.js';

export interface RoutedForwardOptions {
  targets: readonly Target[];
  settings: ModelSettings;
  /** The model as the client named it. */
  model: string;
  random: () => number;
}

/** Passes a request on to the first server that answers it well. An answer that has begun is the answer. */
export async function forwardRouted(
  options: RoutedForwardOptions,
  request: ForwardRequest,
  sink: ForwardSink,
): Promise<void> {
  const targets = candidates(options.targets, options.random);
  for (const [index, target] of targets.entries()) {
    const attempt = new ForwardAttempt(target, sink, index === targets.length - 1);
    const isDone = await attempt.run({
      ...request,
      body: bodyFor(options, target, request),
      settings: loadingOf(options.settings),
    });
    if (isDone) return;
  }
}

function bodyFor({ settings, model }: RoutedForwardOptions, target: Target, { path, body }: ForwardRequest): Buffer {
  if (target.model === model && changesNothing(settings)) return body;
  return bodyWithSettings(path, body, target.model, settings);
}

/** One try at one server. What it fails with goes to the sink only where no other server is left. */
class ForwardAttempt {
  #hasBegun = false;
  #errorAnswer: HeldErrorAnswer | undefined;

  constructor(
    private readonly target: Target,
    private readonly sink: ForwardSink,
    private readonly isLast: boolean,
  ) {}

  /** Whether the sink has been told how it ended. */
  async run(request: ForwardRequest): Promise<boolean> {
    const { site } = this.target;
    let release: () => void;
    try {
      release = await site.slots.acquire(request.signal);
    } catch (error) {
      return this.#fail(toModelError(error, site.server.name, request.signal), false);
    }
    site.note('ask');
    return new Promise<boolean>((resolve) => {
      const end = (isDone: boolean): void => {
        release();
        resolve(isDone);
      };
      this.#forward(request, end);
    });
  }

  #forward(request: ForwardRequest, end: (isDone: boolean) => void): void {
    const { site } = this.target;
    const { server } = site;
    if (!server.forward) {
      const message = `The model server ${server.name} does not pass requests on.`;
      end(this.#fail(new ModelError('model_not_found', message), false));
      return;
    }
    server.forward(request, {
      onStart: (status, headers, resume) => this.#start(status, headers, resume),
      onData: (chunk) => (this.#errorAnswer ? this.#errorAnswer.keep(chunk) : this.sink.onData(chunk)),
      onEnd: () => end(this.#end()),
      onError: (error) => end(this.#fail(toModelError(error, server.name, request.signal), true)),
    });
  }

  #start(status: number, headers: Record<string, string>, resume: () => void): void {
    const mayGoElsewhere = status >= 400 && !this.isLast;
    if (mayGoElsewhere) {
      this.#errorAnswer = new HeldErrorAnswer(status, headers);
      return;
    }
    this.#hasBegun = true;
    this.#noteStatus(status);
    this.sink.onStart(status, headers, resume);
  }

  #noteStatus(status: number): void {
    const isFault = status >= 500 || status === 401 || status === 403;
    this.target.site.note(isFault ? 'failure' : 'success');
  }

  #end(): boolean {
    if (!this.#errorAnswer) {
      this.sink.onEnd();
      return true;
    }
    const failure = this.#errorAnswer.toError();
    this.target.site.noteFailure(failure);
    if (isWorthAnotherServer(failure)) return false;
    this.#errorAnswer.letGo(this.sink);
    return true;
  }

  #fail(failure: ModelError, isAboutServer: boolean): boolean {
    if (isAboutServer) this.target.site.noteFailure(failure);
    const isFinal = this.isLast || this.#hasBegun || !isWorthAnotherServer(failure);
    if (isFinal) this.sink.onError(failure);
    return isFinal;
  }
}
